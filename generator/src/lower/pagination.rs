//! `x-pagination`: finds the parameters, properties and headers that it names.

use crate::diagnostics::{Code, Diagnostic, Severity, nearest, quoted};
use crate::ir::{Facts, JsonKind, Object, Pagination, PagingStyle, Parameter, Success, Type, ValueSource};
use crate::source::{Pointer, Span};
use crate::spec::{self, Spanned};

use super::Lowering;

/// The type that a response value about the page must have, e.g. the total number of items.
#[derive(Clone, Copy)]
enum Expected {
    Count,
    Flag,
    Cursor,
}

impl Expected {
    fn accepts(self, ty: &Type) -> bool {
        match self {
            Self::Count => matches!(ty, Type::Integer(_) | Type::Number),
            Self::Flag => matches!(ty, Type::Boolean),
            // A cursor may be a number. A property without a type is accepted too: its value is converted at run time.
            Self::Cursor => match ty {
                Type::String | Type::Integer(_) | Type::Any => true,
                // The value is read as its text or number.
                Type::External(external) => {
                    !external.kinds.is_empty()
                        && external.kinds.iter().all(|kind| matches!(kind, JsonKind::String | JsonKind::Integer))
                }
                _ => false,
            },
        }
    }

    /// Returns the end of the message for a value of another type.
    fn problem(self) -> &'static str {
        match self {
            Self::Count => "whose value is not a number",
            Self::Flag => "whose value is not a boolean",
            Self::Cursor => "whose value is not a string or integer",
        }
    }
}

/// A keyword of `x-pagination`.
#[derive(Clone, Copy)]
struct Keyword<'a> {
    /// The name of the extension.
    extension: &'static str,
    name: &'static str,
    /// The value, which names a parameter, property or header. `None` if the keyword is absent.
    value: Option<&'a str>,
    /// The location of the value, or else of `x-pagination`.
    span: Span,
}

impl<'a> Keyword<'a> {
    fn new(name: &'static str, value: &'a Option<Spanned<String>>, pagination: &spec::Pagination) -> Self {
        let span = value.as_ref().map_or(pagination.span, |value| value.span);
        let value = value.as_ref().map(|value| value.value.as_str());
        let name = match (pagination.extension, name) {
            ("x-ms-pageable", "next-link") => "nextLinkName",
            ("x-ms-pageable", "items") => "itemName",
            _ => name,
        };
        Self { extension: pagination.extension, name, value, span }
    }
}

/// Whether a rule of the configuration describes the pagination of an operation.
#[derive(Debug, Default)]
pub(super) enum RuleUse {
    /// The rule applies to no operation.
    #[default]
    None,
    /// The rule fits none of the operations to which it applies. The text tells why it does not fit the first of them.
    Problem(String),
    /// The rule fits an operation.
    Used,
}

/// A part of a response that `x-pagination` names.
enum Named {
    Property(Vec<String>),
    Header(String),
}

impl Lowering<'_> {
    /// Lowers the pagination of an operation. Returns `None` if it reported an error.
    pub(super) fn pagination(
        &mut self,
        pagination: &spec::Pagination,
        parameters: &[Parameter],
        success: &Success,
    ) -> Option<Pagination> {
        let before = self.diagnostics.len();
        let lowered = self.pages(pagination, parameters, success);
        lowered.filter(|_| self.diagnostics.len() == before)
    }

    /// Returns the pagination of an operation by the first rule that fits it.
    pub(super) fn pagination_by_rule(
        &mut self,
        operation: &spec::Operation,
        parameters: &[Parameter],
        success: &Success,
    ) -> Option<Pagination> {
        let rules = &self.spec.pagination_rules;
        for position in &operation.pagination_rules {
            let Some(rule) = rules.get(*position) else { continue };
            // A rule that does not fit is not an error, unless it fits no operation.
            let reported = std::mem::take(self.diagnostics);
            let lowered = self.pagination(rule, parameters, success);
            let problems = std::mem::replace(self.diagnostics, reported);
            let uses = self.rule_uses.entry(*position).or_default();
            if lowered.is_some() {
                *uses = RuleUse::Used;
                return lowered;
            }
            if let (RuleUse::None, Some(problem)) = (&uses, problems.sorted().first()) {
                let (method, path) = (operation.method.as_str(), &operation.path);
                *uses = RuleUse::Problem(format!("for `{method} {path}`, {}", problem.message));
            }
        }
        None
    }

    /// Reports the rules that fit no operation.
    pub(super) fn check_pagination_rules(&mut self) {
        for (position, rule) in self.spec.pagination_rules.iter().enumerate() {
            let help = match self.rule_uses.remove(&position).unwrap_or_default() {
                RuleUse::Used => continue,
                RuleUse::Problem(problem) => Some(problem),
                RuleUse::None => None,
            };
            let message = "this rule describes the pagination of no operation";
            let mut diagnostic = Diagnostic::error(Code::Config, rule.span, message);
            diagnostic.help = help;
            self.diagnostics.push(diagnostic);
        }
    }

    fn pages(
        &mut self,
        pagination: &spec::Pagination,
        parameters: &[Parameter],
        success: &Success,
    ) -> Option<Pagination> {
        let keyword = |name, value| Keyword::new(name, value, pagination);
        let limit = self.parameter_named(keyword("limit", &pagination.limit), parameters);
        let style = self.paging_style(pagination, parameters);
        let items = keyword("items", &pagination.items);
        let Some((body, _)) = success.json() else {
            self.no_such(items, "but the operation has no JSON response", None);
            return None;
        };
        let items = self.items(items, body);
        let mut source = |name, value, expected| self.source(keyword(name, value), expected, body, success);
        let total = source("total", &pagination.total, Expected::Count);
        let total_pages = source("total-pages", &pagination.total_pages, Expected::Count);
        let has_more = source("has-more", &pagination.has_more, Expected::Flag);
        let next = match &pagination.next_link {
            None if style == Some(PagingStyle::NextLink) => Some(ValueSource::Link),
            None => source("next-cursor", &pagination.next_cursor, Expected::Cursor),
            Some(_) => match source("next-link", &pagination.next_link, Expected::Cursor) {
                Some(ValueSource::Header(name)) if name.eq_ignore_ascii_case("link") => Some(ValueSource::Link),
                next => next,
            },
        };
        let (items, item) = items?;
        Some(Pagination {
            style: style?,
            limit,
            items,
            item,
            total,
            total_pages,
            has_more,
            next,
            short_page_ends: pagination.short_page_ends.unwrap_or(false),
            empty_page_ends: pagination.empty_page_ends.unwrap_or(true),
        })
    }

    fn paging_style(&mut self, pagination: &spec::Pagination, parameters: &[Parameter]) -> Option<PagingStyle> {
        let keyword = |name, value| Keyword::new(name, value, pagination);
        match pagination.style.as_str() {
            "offset-limit" => {
                self.parameter_named(keyword("offset", &pagination.offset), parameters).map(PagingStyle::Offset)
            }
            "page-number" => {
                let parameter = self.parameter_named(keyword("page", &pagination.page), parameters)?;
                let first = pagination.first_page.or_else(|| first_page(&parameters.get(parameter)?.facts));
                Some(PagingStyle::PageNumber { parameter, first: first.unwrap_or(1) })
            }
            "cursor" => {
                self.parameter_named(keyword("cursor", &pagination.cursor), parameters).map(PagingStyle::Cursor)
            }
            "next-link" => Some(PagingStyle::NextLink),
            _ => None,
        }
    }

    fn parameter_named(&mut self, keyword: Keyword<'_>, parameters: &[Parameter]) -> Option<usize> {
        let name = keyword.value?;
        let position = parameters.iter().position(|parameter| parameter.name == name);
        if position.is_none() {
            let similar = nearest(name, parameters.iter().map(|parameter| parameter.name.as_str()));
            self.no_such(keyword, "which is not a parameter of the operation", similar);
        }
        position
    }

    /// Returns the path of property names to the items, and the type of an item.
    fn items(&mut self, keyword: Keyword<'_>, body: &Type) -> Option<(Vec<String>, Type)> {
        let Some(Named::Property(path)) = self.named(keyword) else {
            if keyword.value.is_some() {
                self.no_such(keyword, "but the items must be in the response body", None);
            }
            return None;
        };
        let ty = self.property_type(keyword, body, &path)?;
        let Type::Array(item) = ty.unaliased(&self.types) else {
            self.no_such(keyword, "which is not an array", None);
            return None;
        };
        Some((path, (**item).clone()))
    }

    /// Returns the part of the response that contains a value about the page.
    fn source(
        &mut self,
        keyword: Keyword<'_>,
        expected: Expected,
        body: &Type,
        success: &Success,
    ) -> Option<ValueSource> {
        match self.named(keyword)? {
            Named::Header(name) => {
                let headers = || success.headers.iter().map(|header| header.name.as_str());
                if !headers().any(|header| header.eq_ignore_ascii_case(&name)) {
                    let similar = nearest(&name, headers());
                    self.no_such(keyword, "which is not a header of the response", similar);
                    return None;
                }
                Some(ValueSource::Header(name))
            }
            Named::Property(path) => {
                let ty = self.property_type(keyword, body, &path)?;
                if !expected.accepts(ty.unaliased(&self.types)) {
                    self.no_such(keyword, expected.problem(), None);
                    return None;
                }
                Some(ValueSource::Property(path))
            }
        }
    }

    /// Parses the value of a keyword: the name of a property, a JSON Pointer into the response body, or a runtime
    /// expression of OpenAPI for the body or a header.
    fn named(&mut self, keyword: Keyword<'_>) -> Option<Named> {
        let value = keyword.value?;
        let pointer = match value.strip_prefix("$response.") {
            Some("body") => "",
            Some(expression) => match (expression.strip_prefix("header."), expression.strip_prefix("body#")) {
                (Some(name), _) if !name.is_empty() => return Some(Named::Header(name.to_owned())),
                (_, Some(pointer)) => pointer,
                _ => {
                    let problem =
                        "but only `$response.body`, `$response.body#/…` and `$response.header.…` are supported";
                    self.no_such(keyword, problem, None);
                    return None;
                }
            },
            None if value.is_empty() || value.starts_with('/') => value,
            None => return Some(Named::Property(vec![value.to_owned()])),
        };
        match Pointer::parse(pointer) {
            Ok(pointer) => Some(Named::Property(pointer.tokens().to_vec())),
            Err(_) => {
                self.no_such(keyword, "which is not a JSON Pointer", None);
                None
            }
        }
    }

    /// Returns the type at a path of property names.
    fn property_type(&mut self, keyword: Keyword<'_>, body: &Type, path: &[String]) -> Option<Type> {
        let mut ty = body.clone();
        for name in path {
            let object: Option<&Object> = ty.object(&self.types);
            let properties = object.map(|object| object.properties.as_slice()).unwrap_or_default();
            match properties.iter().find(|property| property.name == *name) {
                Some(property) => ty = property.ty.clone(),
                None => {
                    let names = properties.iter().map(|property| property.name.as_str());
                    let similar = nearest(name, names).map(str::to_owned);
                    let problem = match path {
                        [_] => "which is not a property of the response".to_owned(),
                        _ => format!("in which the property {} does not exist", quoted(name)),
                    };
                    self.no_such(keyword, &problem, similar.as_deref());
                    return None;
                }
            }
        }
        Some(ty)
    }

    fn no_such(&mut self, keyword: Keyword<'_>, problem: &str, similar: Option<&str>) {
        let Keyword { extension, name, value, .. } = keyword;
        let message = match value {
            Some(value) => format!("`{extension}` sets `{name}` to {}, {problem}", quoted(value)),
            None => format!("`{extension}` describes pages, {problem}"),
        };
        let mut diagnostic = Diagnostic::error(Code::Extension, keyword.span, message);
        diagnostic.help = similar.map(|similar| format!("did you mean {}?", quoted(similar)));
        if keyword.extension == "x-pagination" {
            return self.contradiction(diagnostic, "leaves pagination to callers");
        }
        // An extension of another generator does not make a document invalid.
        diagnostic.severity = Severity::Warning;
        self.diagnostics.push(diagnostic.label("pagination is left to callers"));
    }
}

/// Returns the number of the first page: the default of the page parameter, or else its minimum.
fn first_page(facts: &Facts) -> Option<i64> {
    let default = facts.default.as_deref().and_then(|default| default.parse().ok());
    let minimum = facts.minimum.as_ref().filter(|minimum| !minimum.exclusive);
    default.or_else(|| minimum.and_then(|minimum| minimum.number.as_i64()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Limit;
    use crate::source::Number;

    #[test]
    fn first_page_is_default_or_inclusive_minimum() {
        let minimum = |text: &str, exclusive| Some(Limit { number: Number { text: text.to_owned() }, exclusive });
        for (default, minimum, first) in [
            (Some("0"), minimum("1", false), Some(0)),
            (None, minimum("0", false), Some(0)),
            (None, minimum("0", true), None),
            (Some("\"first\""), minimum("2", false), Some(2)),
            (None, None, None),
        ] {
            assert_eq!(first_page(&Facts { default: default.map(str::to_owned), minimum }), first);
        }
    }
}
