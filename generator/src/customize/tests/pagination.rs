use super::{generated, patterns};
use crate::customize::PaginationRule;
use crate::diagnostics::Diagnostics;
use crate::ir::PagingStyle;

/// `listPets` and `listToys` have pages of the same form. `listKeepers` describes its own pagination.
const DOCUMENT: &str = "\
openapi: 3.1.0
info: {title: Zoo, version: '1'}
servers: [{url: https://zoo.example}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{$ref: '#/components/parameters/Token'}, {name: size, in: query, schema: {type: integer}}]
      responses: {'200': {$ref: '#/components/responses/Page'}}
  /toys:
    get:
      operationId: listToys
      parameters: [{$ref: '#/components/parameters/Token'}, {name: size, in: query, schema: {type: integer}}]
      responses: {'200': {$ref: '#/components/responses/Page'}}
  /keepers:
    get:
      operationId: listKeepers
      parameters: [{$ref: '#/components/parameters/Token'}, {name: size, in: query, schema: {type: integer}}]
      responses: {'200': {$ref: '#/components/responses/Page'}}
      x-pagination: {style: next-link, next-link: next, items: list}
  /food:
    get:
      operationId: listFood
      parameters: [{name: page, in: query, schema: {type: integer}}]
      responses: {'200': {$ref: '#/components/responses/Page'}}
components:
  parameters:
    Token: {name: token, in: query, schema: {type: string}}
  responses:
    Page:
      description: A page
      content:
        application/json:
          schema:
            allOf: [{$ref: '#/components/schemas/Page'}, {type: object, properties: {list: {type: array, items: {type: string}}}}]
  schemas:
    Page: {type: object, properties: {next: {type: string}}}
";

fn rule(cursor: &str) -> PaginationRule {
    let name = |name: &str| Some(name.to_owned());
    PaginationRule {
        operations: None,
        style: "cursor".to_owned(),
        limit: name("size"),
        offset: None,
        page: None,
        cursor: name(cursor),
        items: name("list"),
        total: None,
        total_pages: None,
        has_more: None,
        next_cursor: name("next"),
        next_link: None,
        first_page: None,
        short_page_ends: None,
        empty_page_ends: Some(false),
        span: None,
    }
}

/// Returns the style of the pagination of each operation.
fn styles(rules: Vec<PaginationRule>) -> Result<Vec<Option<PagingStyle>>, Diagnostics> {
    let (api, ..) = generated(DOCUMENT, |api| api.pagination = rules)?;
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    Ok(operations.map(|operation| operation.pagination.as_ref().map(|it| it.style)).collect())
}

fn errors(rules: Vec<PaginationRule>) -> Vec<String> {
    let diagnostics = styles(rules).unwrap_err();
    let text = |message: &str, help: Option<&str>| format!("{message} / {}", help.unwrap_or_default());
    diagnostics.sorted().into_iter().map(|one| text(&one.message, one.help.as_deref())).collect()
}

#[test]
fn rule_applies_to_operations_that_it_fits() {
    let cursor = Some(PagingStyle::Cursor(0));
    let expected = [cursor, cursor, Some(PagingStyle::NextLink), None];
    assert_eq!(styles(vec![rule("token")]).unwrap(), expected);
}

#[test]
fn first_rule_that_fits_applies() {
    let first = PaginationRule { operations: Some(patterns(&["*Toys", "*Food"])), ..rule("token") };
    let second = PaginationRule {
        style: "page-number".to_owned(),
        page: Some("page".to_owned()),
        cursor: None,
        next_cursor: None,
        limit: None,
        ..rule("token")
    };
    let page = Some(PagingStyle::PageNumber { parameter: 0, first: 1 });
    let expected = [None, Some(PagingStyle::Cursor(0)), Some(PagingStyle::NextLink), page];
    assert_eq!(styles(vec![first, second]).unwrap(), expected);
}

#[test]
fn rule_that_fits_no_operation_is_an_error() {
    let message = "this rule describes the pagination of no operation";
    let reason = "for `GET /pets`, `pagination` sets `cursor` to `tokem`, which is not a parameter of the operation";
    assert_eq!(errors(vec![rule("tokem"), rule("token")]), [format!("{message} / {reason}")]);
    let other = PaginationRule { operations: Some(patterns(&["list"])), ..rule("token") };
    assert_eq!(errors(vec![other]), [format!("{message} / ")]);
}
