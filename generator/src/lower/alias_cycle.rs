//! Breaks cycles of aliases, so that later stages can follow aliases without a limit.

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Type, TypeDef, TypeId, TypeKind};

use super::Lowering;
use super::schema::Built;

impl Lowering<'_> {
    /// Follows the aliases of all new types. A type that is only defined by itself becomes any JSON value.
    pub(super) fn break_cycles(&mut self) {
        let first = self.definitions.followed.len();
        self.definitions.followed.resize(self.types.len(), None);
        for start in first..self.types.len() {
            let mut at = start;
            while let Some(by) = self.definitions.followed.get_mut(at) {
                match by {
                    None => *by = Some(start),
                    Some(by) if *by == start => {
                        self.break_cycle(at);
                        break;
                    }
                    Some(_) => break,
                }
                match self.types.get(at).map(|definition| &definition.kind) {
                    Some(TypeKind::Alias(ty)) => match innermost(ty) {
                        Some(next) => at = next.0,
                        None => break,
                    },
                    _ => break,
                }
            }
        }
    }

    /// Breaks the cycle of aliases that contains a type.
    fn break_cycle(&mut self, start: usize) {
        let mut at = start;
        while let Some(TypeDef { kind: TypeKind::Alias(ty), .. }) = self.types.get(at) {
            let mut inner = ty;
            while let Type::Nullable(next) = inner {
                inner = next;
            }
            match inner {
                // An array or map that contains itself only needs a newtype.
                Type::Array(_) | Type::Map(_) => {
                    let shape = TypeKind::Wrapper(ty.clone());
                    return self.set_kind(TypeId(at), Built::Kind(shape));
                }
                Type::Named(next) if next.0 != start => at = next.0,
                _ => break,
            }
        }
        let Some(span) = self.types.get(start).map(|definition| definition.span) else { return };
        self.set_kind(TypeId(start), Built::Type(Type::Any));
        let diagnostic = Diagnostic::error(Code::RefCycle, span, "this schema only refers to itself");
        self.contradiction(diagnostic, "accepts any JSON value");
    }
}

/// Returns the named type in arrays, maps and nullable types.
fn innermost(ty: &Type) -> Option<TypeId> {
    let mut ty = ty;
    loop {
        match ty {
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => ty = inner,
            Type::Named(id) => return Some(*id),
            _ => return None,
        }
    }
}
