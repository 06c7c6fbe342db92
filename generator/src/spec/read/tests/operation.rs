use super::*;
use crate::spec::{FlowKind, Location, Method, SchemeKind, Style};

#[test]
fn methods_of_3_2_are_operations() {
    let paths = "
paths:
  /a:
    query: {operationId: search}
    additionalOperations:
      COPY: {operationId: copy}
    x-oai-additionalOperations:
      LINK: {operationId: link}
";
    let spec = spec(&format!("openapi: 3.2.0{paths}"));
    assert_eq!(operation(&spec, "search").method, Method::Query);
    assert_eq!(operation(&spec, "copy").method, Method::Other("COPY".to_owned()));
    assert_eq!(operation(&spec, "link").method.as_str(), "LINK");
    let older = super::spec(&format!("openapi: 3.0.3{paths}"));
    assert!(older.operations.is_empty());
}

#[test]
fn webhooks_are_read_without_paths() {
    let spec = spec(
        "
openapi: 3.1.0
webhooks:
  created:
    $ref: '#/components/pathItems/Created'
components:
  pathItems:
    Created:
      post:
        operationId: created
        requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}
        responses: {'200': {description: OK}}
",
    );
    assert!(spec.operations.is_empty());
    let [webhook] = spec.webhooks.as_slice() else { panic!("{:?}", spec.webhooks) };
    assert_eq!((webhook.path.as_str(), &webhook.method), ("created", &Method::Post));
    let body = &spec.request_bodies[webhook.body.unwrap()];
    assert!(body.content[0].schema.is_some());
}

#[test]
fn parameters_of_3_2_are_read() {
    let spec = spec(
        "
openapi: 3.2.0
paths:
  /a/{b}:
    get:
      operationId: get
      parameters:
        - {name: q, in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object}}}}
        - {name: b, in: path, required: true, allowReserved: true, schema: {type: string}}
        - {name: c, in: cookie, style: cookie, schema: {type: array, items: {type: string}}}
",
    );
    let parameters: Vec<_> =
        operation(&spec, "get").parameters.iter().map(|parameter| &spec.parameters[*parameter]).collect();
    assert_eq!(parameters[0].location, Location::QueryString);
    assert!(parameters[0].content.is_some());
    assert!(parameters[1].allow_reserved);
    assert_eq!((parameters[2].style, parameters[2].explode), (Style::Cookie, true));
}

#[test]
fn streams_and_parts_are_read() {
    let spec = spec(
        "
openapi: 3.2.0
paths:
  /a:
    get:
      operationId: get
      responses:
        '200':
          summary: Events
          content:
            text/event-stream: {$ref: '#/components/mediaTypes/Events'}
            multipart/mixed:
              itemSchema: {type: object}
              prefixEncoding: [{contentType: application/json}]
              itemEncoding: {contentType: image/*, encoding: {a: {contentType: text/plain}}}
components:
  mediaTypes:
    Events: {itemSchema: {type: object}}
",
    );
    let response = &spec.responses[operation(&spec, "get").responses[0].response];
    assert_eq!(response.summary.as_deref(), Some("Events"));
    assert!(response.content[0].item_schema.is_some() && response.content[0].schema.is_none());
    let mixed = &response.content[1];
    assert_eq!(mixed.prefix_encoding[0].content_type.as_deref(), Some("application/json"));
    let item = mixed.item_encoding.as_ref().unwrap();
    assert_eq!(item.content_type.as_deref(), Some("image/*"));
    assert_eq!(item.encoding[0].name, "a");
}

#[test]
fn metadata_of_later_versions_is_read() {
    let spec = spec(
        "
openapi: 3.2.0
$self: https://example.com/openapi
jsonSchemaDialect: https://example.com/dialect
info: {title: T, version: '1', summary: S, license: {name: L, identifier: MIT}}
servers: [{url: /, name: main}]
tags: [{name: a}, {name: b, parent: a, kind: nav, summary: B}]
paths: {}
components:
  securitySchemes:
    tls: {type: mutualTLS}
    device:
      type: oauth2
      oauth2MetadataUrl: https://example.com/meta
      deprecated: true
      flows:
        deviceAuthorization: {deviceAuthorizationUrl: https://example.com/d, tokenUrl: https://example.com/t, scopes: {}}
",
    );
    assert_eq!(spec.info.summary.as_deref(), Some("S"));
    assert_eq!(spec.info.license.as_ref().unwrap().identifier.as_deref(), Some("MIT"));
    assert_eq!(spec.servers[0].name.as_deref(), Some("main"));
    assert_eq!(spec.tags[1].parent.as_ref().unwrap().value, "a");
    assert_eq!(spec.tags[1].kind.as_deref(), Some("nav"));
    assert_eq!(spec.security_schemes[0].kind, SchemeKind::MutualTls);
    let SchemeKind::OAuth2 { flows, metadata_url } = &spec.security_schemes[1].kind else { panic!() };
    assert_eq!(metadata_url.as_deref(), Some("https://example.com/meta"));
    assert_eq!(flows[0].kind, FlowKind::DeviceAuthorization);
    assert_eq!(flows[0].device_authorization_url.as_deref(), Some("https://example.com/d"));
    assert!(spec.security_schemes[1].deprecated);
}

#[test]
fn description_beside_reference_overrides() {
    let text = "
paths:
  /a:
    get:
      operationId: get
      parameters: [{$ref: '#/components/parameters/P', description: Own}, {$ref: '#/components/parameters/Q'}]
      requestBody: {$ref: '#/components/requestBodies/B', description: Own}
      responses: {'200': {$ref: '#/components/responses/R', description: Own}}
components:
  parameters:
    P: {name: p, in: query, description: Shared, schema: {type: string}}
    Q: {name: q, in: query, description: Shared, schema: {type: string}}
  requestBodies:
    B: {description: Shared, content: {}}
  responses:
    R: {description: Shared}
";
    let descriptions = |version: &str| {
        let spec = spec(&format!("openapi: {version}{text}"));
        let operation = operation(&spec, "get");
        let mut all: Vec<Option<String>> =
            operation.parameters.iter().map(|parameter| spec.parameters[*parameter].description.clone()).collect();
        all.push(spec.request_bodies[operation.body.unwrap()].description.clone());
        all.push(Some(spec.responses[operation.responses[0].response].description.clone()));
        all.into_iter().flatten().collect::<Vec<String>>()
    };
    assert_eq!(descriptions("3.1.0"), ["Own", "Shared", "Own", "Own"]);
    assert_eq!(descriptions("3.0.3"), ["Shared"; 4]);
}
