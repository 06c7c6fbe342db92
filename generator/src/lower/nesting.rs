//! Arrays and maps within one another: the compiler has to look through all of them at once.

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Type, TypeDef, TypeKind};

use super::Lowering;

/// So many arrays and maps may be within one another, whether each is written inside the one before or is a `$ref` from it. A test
/// compiles a crate of this depth; the coordinates of GeoJSON, which are deep as schemas go, have four.
const MAX_NESTED_COLLECTIONS: usize = 48;

impl Lowering<'_> {
    /// Reports the first schema of arrays or maps that are nested more deeply than the compiler may be asked to look.
    pub(super) fn check_nesting(&mut self) {
        let is_too_deep = |ty: &Type| nested_collections(ty, &self.types) > MAX_NESTED_COLLECTIONS;
        let first = self.schemas.iter().filter(|(_, ty)| is_too_deep(ty)).map(|(span, _)| *span).min();
        if let Some(span) = first {
            let message = format!("more than {MAX_NESTED_COLLECTIONS} arrays and maps are nested in this schema");
            let help = "use objects for the items of one of the inner arrays";
            self.diagnostics.push(Diagnostic::error(Code::Limit, span, message).help(help));
        }
    }
}

/// How many arrays and maps are within one another; no more than one above the maximum are counted.
fn nested_collections(ty: &Type, types: &[TypeDef]) -> usize {
    let (mut ty, mut depth) = (ty, 0);
    // Aliases of aliases end: a circle of them is an error of its own.
    let mut aliases = 0;
    while depth <= MAX_NESTED_COLLECTIONS && aliases <= types.len() {
        match ty {
            Type::Array(inner) | Type::Map(inner) => {
                depth += 1;
                ty = inner;
            }
            Type::Nullable(inner) => ty = inner,
            Type::Named(id) => match types.get(id.0).map(|definition| &definition.kind) {
                Some(TypeKind::Alias(next)) => {
                    aliases += 1;
                    ty = next;
                }
                _ => break,
            },
            _ => break,
        }
    }
    depth
}
