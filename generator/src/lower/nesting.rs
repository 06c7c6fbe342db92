//! Limits the nesting of arrays and maps, because the compiler checks traits for all levels at once.

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Type, TypeDef, TypeKind};

use super::Lowering;

/// The maximum nesting of arrays and maps, inline or by reference. A test compiles a crate with this depth. The
/// coordinates of GeoJSON have four levels.
const MAX_NESTED_COLLECTIONS: usize = 48;

impl Lowering<'_> {
    /// Reports the first schema whose arrays and maps are nested too deeply.
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

/// Returns the number of nested arrays and maps. Stops counting above the maximum.
fn nested_collections(ty: &Type, types: &[TypeDef]) -> usize {
    let (mut ty, mut depth) = (ty, 0);
    // Cycles of aliases are reported separately.
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
                Some(TypeKind::KeyedMap(map)) => {
                    depth += 1;
                    ty = &map.value;
                }
                _ => break,
            },
            _ => break,
        }
    }
    depth
}
