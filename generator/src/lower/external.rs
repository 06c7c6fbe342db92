//! Types of other crates, to which the configuration maps formats and schemas.

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{External, JsonKind, Type};
use crate::spec::Schema;

use super::Lowering;
use super::parts::Part;
use super::value::{Kind, is_sensitive};

impl<'a> Lowering<'a> {
    /// Returns the type of another crate for the format of a schema. Enums and secrets have types of their own.
    pub(super) fn external_by_format(&mut self, kind: Kind, parts: &[Part<'a>]) -> Option<Type> {
        if self.spec.mapped_formats.is_empty() || is_sensitive(parts) {
            return None;
        }
        // A value with several formats may be a secret by one of them.
        if parts.iter().any(|part| part.schema.format() == Some("password")) {
            return None;
        }
        let has_values = parts.iter().any(|part| part.schema.values.is_some());
        let part = parts.iter().rev().find(|part| part.schema.format.is_some()).filter(|_| !has_values)?;
        let ty = self.spec.mapped_formats.get(part.schema.format()?)?;
        self.external(ty, vec![kind.json()], part.schema)
    }

    /// Returns the type of another crate for a component schema.
    pub(super) fn external_by_name(&mut self, node: &'a Schema) -> Option<Type> {
        let ty = self.spec.mapped_schemas.get(&node.id)?;
        let kinds = Kind::all(node).into_iter().map(Kind::json).collect();
        self.external(ty, kinds, node)
    }

    /// Returns the type for a schema whose values have these kinds. Reports a type whose values have other kinds.
    fn external(&mut self, ty: &External, kinds: Vec<JsonKind>, node: &Schema) -> Option<Type> {
        let external = ty.of_kinds(kinds);
        if external.is_none() {
            let span = node.format.as_ref().map_or(node.span, |format| format.span);
            let message = format!("{} is not used here, because its values are strings", quoted(&ty.name()));
            let help = "the generated type of the schema is used instead".to_owned();
            self.diagnostics.push(Diagnostic::warning(Code::Unsupported, span, message).help(help));
        }
        external.map(Type::from)
    }
}
