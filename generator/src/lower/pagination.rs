//! `x-pagination`: which parameters, members and headers make pages.

use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::ir::{Constraint, Object, Pagination, PagingStyle, Parameter, Success, Type, ValueSource};
use crate::source::{Node, Pointer};

use super::Lowering;

/// What a member must be that tells something of a page.
#[derive(Clone, Copy)]
enum Wanted {
    Count,
    Flag,
    Text,
}

impl Wanted {
    fn fits(self, ty: &Type) -> bool {
        match self {
            Self::Count => matches!(ty, Type::Integer(_) | Type::Number),
            Self::Flag => matches!(ty, Type::Boolean),
            // A cursor may be a number; a member of no type is read as what comes.
            Self::Text => matches!(ty, Type::String | Type::Integer(_) | Type::Any),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Count => "not a number",
            Self::Flag => "not a boolean",
            Self::Text => "not a string or integer",
        }
    }
}

/// What a member of `x-pagination` names in the answer.
enum Named {
    Property(Vec<String>),
    Header(String),
}

impl Lowering<'_> {
    /// The pages of an operation; none where something is wrong with what the document says of them.
    pub(super) fn pagination(
        &mut self,
        operation: &Node,
        parameters: &[Parameter],
        success: &Success,
    ) -> Option<Pagination> {
        let before = self.diagnostics.len();
        let pagination = self.pages(operation, parameters, success);
        pagination.filter(|_| self.diagnostics.len() == before)
    }

    fn pages(&mut self, operation: &Node, parameters: &[Parameter], success: &Success) -> Option<Pagination> {
        // Without a style it is somebody else's.
        let extension = operation.get("x-pagination").filter(|extension| extension.get("style").is_some())?;
        let limit = self.parameter_named(extension, "limit", parameters);
        let style = self.paging_style(extension, parameters);
        let Some((answer, _)) = success.json() else {
            self.no_such(extension, "items", "the operation has no JSON response", None);
            return None;
        };
        let items = self.items(extension, answer);
        let mut told = |key, wanted| self.told(extension, key, wanted, answer, success);
        let total = told("total", Wanted::Count);
        let total_pages = told("total-pages", Wanted::Count);
        let has_more = told("has-more", Wanted::Flag);
        let next = match extension.get("next-link") {
            None if style == Some(PagingStyle::NextLink) => Some(ValueSource::Link),
            None => told("next-cursor", Wanted::Text),
            Some(_) => match told("next-link", Wanted::Text) {
                Some(ValueSource::Header(name)) if name.eq_ignore_ascii_case("link") => Some(ValueSource::Link),
                next => next,
            },
        };
        let (items, item) = items?;
        let flag = |key: &str, otherwise| extension.get(key).and_then(Node::as_bool).unwrap_or(otherwise);
        Some(Pagination {
            style: style?,
            limit,
            items,
            item,
            total,
            total_pages,
            has_more,
            next,
            short_page_ends: flag("short-page-ends", false),
            empty_page_ends: flag("empty-page-ends", true),
        })
    }

    fn paging_style(&mut self, extension: &Node, parameters: &[Parameter]) -> Option<PagingStyle> {
        match extension.get("style").and_then(Node::as_str)? {
            "offset-limit" => self.parameter_named(extension, "offset", parameters).map(PagingStyle::Offset),
            "page-number" => {
                let parameter = self.parameter_named(extension, "page", parameters)?;
                let written = extension.get("first-page").and_then(Node::as_i64);
                let first = written.or_else(|| first_page(parameters.get(parameter)?)).unwrap_or(1);
                Some(PagingStyle::PageNumber { parameter, first })
            }
            "cursor" => self.parameter_named(extension, "cursor", parameters).map(PagingStyle::Cursor),
            "next-link" => Some(PagingStyle::NextLink),
            _ => None,
        }
    }

    fn parameter_named(&mut self, extension: &Node, key: &str, parameters: &[Parameter]) -> Option<usize> {
        let wanted = extension.get(key)?.as_str()?;
        let found = parameters.iter().position(|parameter| parameter.name == wanted);
        if found.is_none() {
            let meant = nearest(wanted, parameters.iter().map(|parameter| parameter.name.as_str()));
            self.no_such(extension, key, "the operation has no such parameter", meant);
        }
        found
    }

    /// The members that lead to the items, and what an item is.
    fn items(&mut self, extension: &Node, answer: &Type) -> Option<(Vec<String>, Type)> {
        let Some(Named::Property(path)) = self.named(extension, "items") else {
            if extension.get("items").is_some() {
                self.no_such(extension, "items", "items must be in the response body", None);
            }
            return None;
        };
        let ty = self.member_named(extension, "items", answer, &path)?;
        let Type::Array(item) = ty.unaliased(&self.types) else {
            self.no_such(extension, "items", "that is not an array", None);
            return None;
        };
        Some((path, (**item).clone()))
    }

    /// Where the answer tells what `key` names.
    fn told(
        &mut self,
        extension: &Node,
        key: &str,
        wanted: Wanted,
        answer: &Type,
        success: &Success,
    ) -> Option<ValueSource> {
        match self.named(extension, key)? {
            Named::Header(name) => {
                let headers = || success.headers.iter().map(|header| header.name.as_str());
                if !headers().any(|header| header.eq_ignore_ascii_case(&name)) {
                    let meant = nearest(&name, headers());
                    self.no_such(extension, key, "the response has no such header", meant);
                    return None;
                }
                Some(ValueSource::Header(name))
            }
            Named::Property(path) => {
                let ty = self.member_named(extension, key, answer, &path)?;
                if !wanted.fits(ty.unaliased(&self.types)) {
                    self.no_such(extension, key, &format!("that is {}", wanted.words()), None);
                    return None;
                }
                Some(ValueSource::Property(path))
            }
        }
    }

    /// What the text of a member says: the name of a member of the answer, a JSON pointer into it, or one of OpenAPI's
    /// runtime expressions for the body or a header.
    fn named(&mut self, extension: &Node, key: &str) -> Option<Named> {
        let text = extension.get(key)?.as_str()?;
        let pointer = match text.strip_prefix("$response.") {
            Some("body") => "",
            Some(expression) => match (expression.strip_prefix("header."), expression.strip_prefix("body#")) {
                (Some(name), _) if !name.is_empty() => return Some(Named::Header(name.to_owned())),
                (_, Some(pointer)) => pointer,
                _ => {
                    let why = "only `$response.body`, `$response.body#/…` and `$response.header.…` are supported";
                    self.no_such(extension, key, why, None);
                    return None;
                }
            },
            None if text.is_empty() || text.starts_with('/') => text,
            None => return Some(Named::Property(vec![text.to_owned()])),
        };
        match Pointer::parse(pointer) {
            Ok(pointer) => Some(Named::Property(pointer.tokens().to_vec())),
            Err(_) => {
                self.no_such(extension, key, "that is not a JSON Pointer", None);
                None
            }
        }
    }

    /// The type at the end of a path of members.
    fn member_named(&mut self, extension: &Node, key: &str, answer: &Type, path: &[String]) -> Option<Type> {
        let mut ty = answer.clone();
        for name in path {
            let object: Option<&Object> = ty.object(&self.types);
            let members = object.map(|object| object.properties.as_slice()).unwrap_or_default();
            match members.iter().find(|member| member.name == *name) {
                Some(member) => ty = member.ty.clone(),
                None => {
                    let meant = nearest(name, members.iter().map(|member| member.name.as_str())).map(str::to_owned);
                    let why = match path {
                        [_] => "the response has no such property".to_owned(),
                        _ => format!("its property {} does not exist", quoted(name)),
                    };
                    self.no_such(extension, key, &why, meant.as_deref());
                    return None;
                }
            }
        }
        Some(ty)
    }

    fn no_such(&mut self, extension: &Node, key: &str, why: &str, meant: Option<&str>) {
        let node = extension.get(key).unwrap_or(extension);
        let named = node.as_str().map(|name| format!(" {}", quoted(name))).unwrap_or_default();
        let message = format!("`x-pagination` uses{named} as `{key}`, but {why}");
        let mut diagnostic = Diagnostic::error(Code::Extension, node.span, message);
        diagnostic.help = meant.map(|meant| format!("did you mean {}?", quoted(meant)));
        self.fault(diagnostic, "leaves pagination to callers");
    }
}

/// The number of the first page, as the parameter tells it: what the server assumes, else the least that is allowed.
fn first_page(parameter: &Parameter) -> Option<i64> {
    let least = parameter.doc.constraints.iter().find_map(|constraint| match constraint {
        Constraint::Other(words) => words.strip_prefix("at least ")?.parse().ok(),
        _ => None,
    });
    parameter.doc.default.as_deref().and_then(|default| default.parse().ok()).or(least)
}
