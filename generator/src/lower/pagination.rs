//! `x-pagination`: which parameters and members make pages.

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Pagination, Parameter, ResponseContent, Success, Type};
use crate::source::Node;

use super::Lowering;

impl Lowering<'_> {
    pub(super) fn pagination(
        &mut self,
        operation: &Node,
        parameters: &[Parameter],
        success: &Success,
    ) -> Option<Pagination> {
        let extension = operation.get("x-pagination")?;
        let name = |key: &str| extension.get(key).and_then(Node::as_str);
        let mut parameter = |key: &str| {
            let wanted = name(key)?;
            let found = parameters.iter().position(|parameter| parameter.name == wanted);
            if found.is_none() {
                self.no_such(extension, key, "the operation has no parameter of that name");
            }
            found
        };
        let offset = parameter("offset");
        let limit = parameter("limit");
        let object = match &success.content {
            ResponseContent::Json(ty) if !success.optional => ty.object(&self.types).cloned(),
            _ => None,
        };
        let Some(object) = object else {
            self.no_such(extension, "items", "the operation does not answer a JSON object");
            return None;
        };
        let member = |wanted: &str| {
            object
                .members
                .iter()
                .find(|member| member.name == wanted)
                .map(|member| member.ty.unaliased(&self.types).clone())
        };
        let items = name("items")?.to_owned();
        let item = member(&items);
        let total = name("total").map(str::to_owned);
        let total_is_counted = total.as_ref().is_none_or(|total| matches!(member(total), Some(Type::Integer(_))));
        if !total_is_counted {
            self.no_such(extension, "total", "the answer has no whole number of that name");
        }
        let Some(Type::Array(item)) = item else {
            self.no_such(extension, "items", "the answer has no array of that name");
            return None;
        };
        Some(Pagination { offset: offset?, limit: limit?, items, item: *item, total })
    }

    fn no_such(&mut self, extension: &Node, key: &str, why: &str) {
        let node = extension.get(key).unwrap_or(extension);
        let named = node.as_str().map(|name| format!(" `{name}`")).unwrap_or_default();
        self.diagnostics.push(Diagnostic::error(
            Code::Extension,
            node.span,
            format!("`x-pagination` names{named} as `{key}`, but {why}"),
        ));
    }
}
