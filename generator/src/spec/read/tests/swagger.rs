use super::*;
use crate::spec::{ApiKeyLocation, FlowKind, Location, Parameter, SchemaType, SchemeKind, Style};

/// Reads a document of Swagger 2.0 with one operation. `operation` are its properties, and `others` are properties of
/// the document.
fn with_operation(operation: &str, others: &str) -> Spec {
    spec(&format!("swagger: '2.0'\n{others}\npaths:\n  /a:\n    post: {{operationId: op, {operation}}}\n"))
}

fn parameters(spec: &Spec) -> Vec<&Parameter> {
    operation(spec, "op").parameters.iter().map(|parameter| &spec.parameters[*parameter]).collect()
}

fn media_types(content: &[crate::spec::MediaType]) -> Vec<&str> {
    content.iter().map(|content| content.media_type.as_str()).collect()
}

#[test]
fn collection_formats_are_styles() {
    let array = "type: array, items: {type: string}";
    let spec = with_operation(
        &format!(
            "parameters: [\
             {{name: a, in: query, {array}}}, \
             {{name: b, in: query, {array}, collectionFormat: ssv}}, \
             {{name: c, in: query, {array}, collectionFormat: tsv}}, \
             {{name: d, in: query, {array}, collectionFormat: pipes}}, \
             {{name: e, in: query, {array}, collectionFormat: multi}}, \
             {{name: f, in: header, {array}}}, \
             {{name: g, in: query, type: string}}, \
             {{name: h, in: query, type: array, collectionFormat: pipes, \
               items: {{type: array, collectionFormat: ssv, items: {{{array}}}}}}}]"
        ),
        "",
    );
    let styles: Vec<(Style, bool)> = parameters(&spec).iter().map(|one| (one.style, one.explode)).collect();
    assert_eq!(
        styles,
        [
            (Style::Form, false),
            (Style::SpaceDelimited, false),
            (Style::TabDelimited, false),
            (Style::PipeDelimited, false),
            (Style::Form, true),
            (Style::Simple, false),
            (Style::Form, true),
            (Style::PipeDelimited, false),
        ]
    );
    assert_eq!(parameters(&spec)[7].item_styles, [Style::SpaceDelimited, Style::Simple]);
}

#[test]
fn parameter_type_keywords_become_schema() {
    let spec = with_operation(
        "parameters: [{name: n, in: query, description: D, required: true, type: integer, minimum: 1, default: 2, \
         x-ms-client-name: count, x-ms-skip-url-encoding: true, x-example: 3, x-other: 4}]",
        "",
    );
    let parameter = parameters(&spec)[0];
    assert!(parameter.required && parameter.allow_reserved);
    assert_eq!(parameter.location, Location::Query);
    assert_eq!(parameter.rust_name.as_deref(), Some("count"));
    assert_eq!(parameter.example.as_ref().unwrap().to_json_text(), "3");
    assert_eq!(parameter.extensions.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["x-other"]);
    let schema = &spec.schemas[parameter.schema.unwrap()];
    assert_eq!((schema.ty(), schema.description.as_deref()), (Some(SchemaType::Integer), None));
    assert_eq!(schema.bounds.as_ref().unwrap().minimum.as_ref().unwrap().number.text, "1");
    assert!(schema.default.is_some() && schema.extensions.iter().next().is_none());
}

#[test]
fn body_has_consumed_media_types() {
    let body = "parameters: [{name: pet, in: body, required: true, description: D, schema: {type: object}}]";
    let content = |operation: &str, others: &str| {
        let spec = with_operation(operation, others);
        let body = &spec.request_bodies[operation_body(&spec)];
        assert_eq!((body.name.as_deref(), body.required), (Some("pet"), true));
        media_types(&body.content).join(" ")
    };
    fn operation_body(spec: &Spec) -> crate::spec::RequestBodyId {
        operation(spec, "op").body.unwrap()
    }
    assert_eq!(content(body, ""), "application/json");
    assert_eq!(content(body, "consumes: [application/xml, text/json]"), "application/xml text/json");
    assert_eq!(content(&format!("consumes: [a/b], {body}"), "consumes: [application/xml]"), "a/b");
    assert_eq!(content(&format!("consumes: [], {body}"), "consumes: [application/xml]"), "application/json");
}

#[test]
fn form_is_body_with_properties() {
    let fields = "{name: a, in: formData, type: string, required: true, description: D}, \
                  {name: b, in: formData, type: array, items: {type: string}, collectionFormat: tsv}";
    let spec = with_operation(&format!("parameters: [{fields}]"), "");
    let body = &spec.request_bodies[operation(&spec, "op").body.unwrap()];
    let content = &body.content[0];
    assert_eq!((content.media_type.as_str(), body.required), ("application/x-www-form-urlencoded", true));
    let schema = &spec.schemas[content.schema.unwrap()];
    assert_eq!(schema.ty(), Some(SchemaType::Object));
    assert_eq!(schema.properties().map(|(name, _)| name).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(schema.required[0].value, "a");
    let a = &spec.schemas[schema.properties.as_ref().unwrap()["a"].schema];
    assert_eq!(a.description.as_deref(), Some("D"));
    let encoding = content.encoding_of("b").unwrap();
    assert_eq!((encoding.style.unwrap().value, encoding.explode), (Style::TabDelimited, Some(false)));
    let multipart = with_operation(&format!("consumes: [multipart/form-data], parameters: [{fields}]"), "");
    let body = &multipart.request_bodies[operation(&multipart, "op").body.unwrap()];
    assert_eq!(media_types(&body.content), ["multipart/form-data"]);
}

#[test]
fn file_is_binary_part() {
    let spec = with_operation("parameters: [{name: f, in: formData, type: file}]", "");
    let content = &spec.request_bodies[operation(&spec, "op").body.unwrap()].content[0];
    assert_eq!(content.media_type, "multipart/form-data");
    let schema = &spec.schemas[content.schema.unwrap()];
    let file = &spec.schemas[schema.properties.as_ref().unwrap()["f"].schema];
    assert_eq!((file.ty(), file.format()), (Some(SchemaType::String), Some("binary")));
}

#[test]
fn form_parameters_of_path_are_inherited() {
    let spec = spec(
        "
swagger: '2.0'
parameters:
  Shared: {name: a, in: formData, type: string, enum: [x, y]}
paths:
  /a:
    parameters: [{$ref: '#/parameters/Shared'}, {name: b, in: formData, type: string}, {name: q, in: query, type: string}]
    post: {operationId: op, parameters: [{name: b, in: formData, type: integer}]}
    put: {operationId: other}
",
    );
    let schema = |id: &str| {
        let body = &spec.request_bodies[operation(&spec, id).body.unwrap()];
        &spec.schemas[body.content[0].schema.unwrap()]
    };
    let property = |id: &str, name: &str| &spec.schemas[schema(id).properties.as_ref().unwrap()[name].schema];
    assert_eq!(property("op", "b").ty(), Some(SchemaType::Integer));
    assert_eq!(property("other", "b").ty(), Some(SchemaType::String));
    // Both operations have the same enum.
    assert_eq!(property("op", "a").reference, property("other", "a").reference);
    assert!(property("op", "a").reference.is_some());
    assert_eq!(spec.path_items[operation(&spec, "op").item].parameters.len(), 1);
}

#[test]
fn response_has_produced_media_types() {
    let response = "responses: {'200': {description: OK, schema: {type: string}, examples: {text/plain: a, x/y: b}}}";
    let read = |operation: &str, others: &str| {
        let spec = with_operation(operation, others);
        let id = super::operation(&spec, "op").responses[0].response;
        spec.responses[id].clone()
    };
    let plain = read(&format!("produces: [application/json, text/plain], {response}"), "produces: [a/b]");
    assert_eq!(media_types(&plain.content), ["application/json", "text/plain"]);
    assert_eq!(plain.content[0].example, None);
    assert_eq!(plain.content[1].example.as_ref().unwrap().as_str(), Some("a"));
    assert_eq!(plain.content[0].examples[0].name, "x/y");
    assert_eq!(media_types(&read(response, "produces: [a/b]").content), ["a/b"]);
    assert_eq!(
        media_types(&read(&format!("produces: [], {response}"), "produces: [a/b]").content),
        ["application/json"]
    );
    let none = read("responses: {'204': {description: None}}", "produces: [a/b]");
    assert!(none.content.is_empty());
    let file = read("responses: {'200': {description: OK, schema: {type: file}}}", "");
    assert_eq!(media_types(&file.content), ["application/octet-stream"]);
}

#[test]
fn shared_response_depends_on_media_types() {
    let spec = spec(
        "
swagger: '2.0'
produces: [application/json]
responses:
  R: {description: OK, schema: {type: object, properties: {a: {type: string}}}, headers: {X: {type: array, items: {type: string}, collectionFormat: pipes, description: D}}}
paths:
  /a:
    get: {operationId: op, responses: {'200': {$ref: '#/responses/R'}}}
    post: {operationId: same, produces: [application/json], responses: {'200': {$ref: '#/responses/R'}}}
    put: {operationId: other, produces: [application/xml], responses: {'200': {$ref: '#/responses/R'}}}
",
    );
    let id = |id: &str| operation(&spec, id).responses[0].response;
    assert_eq!(id("op"), id("same"));
    assert_eq!(id("op"), spec.components.responses["R"]);
    assert_eq!(media_types(&spec.responses[id("other")].content), ["application/xml"]);
    // The schema is the same.
    assert_eq!(spec.responses[id("other")].content[0].schema, spec.responses[id("op")].content[0].schema);
    let header = &spec.headers[spec.responses[id("op")].headers[0].1];
    assert_eq!((header.style, header.description.as_deref()), (Style::PipeDelimited, Some("D")));
}

#[test]
fn servers_are_schemes_host_and_path() {
    let urls = |text: &str| {
        let spec = spec(&format!("swagger: '2.0'\n{text}\npaths: {{}}\n"));
        spec.servers.iter().map(|server| server.url.as_str()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(urls("host: a.b\nbasePath: /v1/\nschemes: [ws, http, https]"), "https://a.b/v1 http://a.b/v1");
    assert_eq!(urls("host: a.b\nbasePath: /"), "https://a.b");
    assert_eq!(urls("host: a.b:8080/\nschemes: [http]"), "http://a.b:8080");
    assert_eq!(urls("basePath: /v1"), "/v1");
    assert_eq!(urls("schemes: [https]"), "");
    let own = with_operation("schemes: [http]", "host: a.b\nschemes: [https]");
    assert_eq!(operation(&own, "op").servers[0].url, "http://a.b");
}

#[test]
fn parameterized_host_has_variables() {
    let spec = spec(
        "
swagger: '2.0'
host: ignored
x-ms-parameterized-host:
  hostTemplate: '{account}.{suffix}'
  parameters:
    - {name: account, in: path, required: true, type: string}
    - {$ref: '#/parameters/Suffix'}
parameters:
  Suffix: {name: suffix, in: path, type: string, default: example.com, enum: [example.com, example.org]}
paths: {}
",
    );
    let server = &spec.servers[0];
    assert_eq!(server.url, "https://{account}.{suffix}");
    assert!(server.variables[0].required);
    assert_eq!((server.variables[1].default.as_str(), server.variables[1].allowed.len()), ("example.com", 2));
}

#[test]
fn security_definitions_are_schemes() {
    let spec = spec(
        "
swagger: '2.0'
securityDefinitions:
  basic: {type: basic}
  key: {type: apiKey, in: header, name: Authorization}
  code: {type: oauth2, flow: accessCode, authorizationUrl: https://a/a, tokenUrl: https://a/t, scopes: {r: Read, x-y: 1}}
  app: {type: oauth2, flow: application, tokenUrl: https://a/t, scopes: {}}
security: [{key: []}]
paths: {}
",
    );
    let kinds: Vec<&SchemeKind> = spec.security_schemes.iter().map(|scheme| &scheme.kind).collect();
    assert!(matches!(kinds[0], SchemeKind::Http { scheme, .. } if scheme.value == "basic"));
    let key = SchemeKind::ApiKey { location: ApiKeyLocation::Header, name: "Authorization".to_owned() };
    assert_eq!(*kinds[1], key);
    let flow = |at: usize| match kinds[at] {
        SchemeKind::OAuth2 { flows, .. } => flows[0].clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(flow(2).kind, FlowKind::AuthorizationCode);
    assert_eq!(flow(2).scopes, [("r".to_owned(), "Read".to_owned())]);
    assert_eq!(flow(3).kind, FlowKind::ClientCredentials);
    assert_eq!(spec.security[0].schemes[0].name.value, "key");
}

#[test]
fn extensions_of_operations_are_read() {
    let spec = spec(
        "
swagger: '2.0'
paths:
  /a:
    get:
      operationId: op
      x-ms-pageable: {nextLinkName: next}
      x-ms-long-running-operation: true
x-ms-paths:
  /a?comp=list:
    get: {operationId: list, x-ms-pageable: {nextLinkName: null}}
",
    );
    let pagination = operation(&spec, "op").pagination.as_ref().unwrap();
    assert_eq!(pagination.style, "next-link");
    assert_eq!(pagination.items.as_ref().unwrap().value, "value");
    assert_eq!(pagination.next_link.as_ref().unwrap().value, "next");
    assert!(operation(&spec, "op").long_running && operation(&spec, "op").extensions.iter().next().is_none());
    assert_eq!(operation(&spec, "list").path, "/a?comp=list");
    assert_eq!(operation(&spec, "list").pagination, None);
}
