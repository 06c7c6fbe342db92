//! Compares operations.

use crate::ir::{Operation, Pagination, PagingStyle};

use super::differ::{At, Differ, Owner};
use super::pairs::{Named, without_names};
use super::subject::operation_text;
use super::{Change, Item, Rust, Wire};

impl<'a> Differ<'a> {
    pub fn compare_operations(&mut self) {
        for (old, new) in self.pairs.operations.clone() {
            let Some(one) = old.or(new) else { continue };
            let owner = |it: Option<Named<'_>>| it.map(|it| Owner::Operation(it.index));
            let at = At {
                item: Item::Operation,
                subject: operation_text(one.operation),
                owner: (owner(old), owner(new)),
                members: Vec::new(),
                old: old.map(|it| it.operation.span),
                new: new.map(|it| it.operation.span),
            };
            match (old, new) {
                (Some(old), Some(new)) => self.compare_operation(&at, old, new),
                (Some(_), None) => self.report_removed(&at, Rust::Major, Wire::Breaking),
                (None, _) => self.report_added(&at, Rust::Minor, Wire::Note),
            }
        }
    }

    fn compare_operation(&mut self, at: &At, old: Named<'a>, new: Named<'a>) {
        let name = |it: Named<'_>| it.group_names.path_of(&format!("{}::{}", it.group_names.ty, it.names.method));
        if name(old) != name(new) {
            self.report_renamed(at, &name(old), &name(new));
        }
        let (old_names, new_names) = (old.names, new.names);
        let (old, new) = (old.operation, new.operation);
        if old.method != new.method {
            let detail = format!("has the method {} instead of {}", new.method, old.method);
            self.report(at, Change::Moved, detail, Rust::None, Wire::Breaking);
        }
        if without_names(&old.path) != without_names(&new.path) {
            let detail = format!("has the path `{}` instead of `{}`", new.path, old.path);
            self.report(at, Change::Moved, detail, Rust::None, Wire::Breaking);
        }
        self.compare_deprecation(at, old.deprecated, new.deprecated);
        self.compare_parameters(at, (old, old_names), (new, new_names));
        self.compare_bodies(at, (old, old_names), (new, new_names));
        self.compare_responses(at, old, new);
        self.compare_security(at, old, new);
        self.compare_servers(at, &old.servers, &new.servers);
        if !self.is_same_pagination(old, new) {
            let (detail, rust) = match (&old.pagination, &new.pagination) {
                (None, _) => ("is paginated now", Rust::Minor),
                (_, None) => ("is no longer paginated", Rust::Major),
                _ => ("is paginated differently", Rust::Patch),
            };
            self.report(at, Change::Other, detail, rust, Wire::None);
        }
        if old.long_running != new.long_running {
            let detail = "differs in whether the server continues its work after the response";
            self.report(at, Change::Other, detail, Rust::Patch, Wire::None);
        }
        if old.idempotent != new.idempotent {
            self.report(at, Change::Other, "differs in whether it is retried", Rust::Patch, Wire::None);
        }
        let texts = |it: &'a crate::ir::Operation| {
            (
                (&it.summary, &it.description, &it.external_docs, &it.path_description),
                (&it.other_tags, &it.callbacks, &it.links),
            )
        };
        if texts(old) != texts(new) {
            self.report_docs(at);
        }
    }

    /// Returns whether two versions of an operation are paginated in the same way.
    fn is_same_pagination(&self, old: &Operation, new: &Operation) -> bool {
        let (Some(one), Some(other)) = (&old.pagination, &new.pagination) else {
            return old.pagination.is_none() && new.pagination.is_none();
        };
        let parameter = |operation: &Operation, index: usize| {
            operation.parameters.get(index).map(|it| (it.location, it.name.to_ascii_lowercase()))
        };
        let style = |operation: &Operation, style: PagingStyle| match style {
            PagingStyle::Offset(index) | PagingStyle::Cursor(index) => (parameter(operation, index), None),
            PagingStyle::PageNumber { parameter: index, first } => (parameter(operation, index), Some(first)),
            PagingStyle::NextLink => (None, None),
        };
        let limit = |operation: &Operation, limit: Option<usize>| limit.map(|index| parameter(operation, index));
        // Parameters and types have other indices if the document has more of them.
        let moved = Pagination { style: one.style, limit: one.limit, item: one.item.clone(), ..other.clone() };
        moved == *one
            && std::mem::discriminant(&one.style) == std::mem::discriminant(&other.style)
            && style(old, one.style) == style(new, other.style)
            && limit(old, one.limit) == limit(new, other.limit)
            && self.values.are_same(&one.item, &other.item, &self.pairs)
    }
}
