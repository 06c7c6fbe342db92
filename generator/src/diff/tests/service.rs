//! Changes of servers, security, webhooks and of the documentation of the API.

use super::*;
use crate::config::ApiConfig;

const ZOO: &str = "openapi: 3.1.0
info: {title: Zoo, version: '1'}
servers:
- url: https://{region}.zoo.example
  variables: {region: {default: eu}}
paths:
  /a:
    get:
      operationId: a
      security: [{key: []}]
      responses: {'204': {description: Done.}}
webhooks:
  born:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Animal: {type: object, required: [name], properties: {name: {type: string}}}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: http, scheme: bearer}
";

#[test]
fn servers_are_compared() {
    assert_findings(
        ZOO,
        &[("https://{region}.zoo.example", "https://{region}.zoo.test")],
        &[expected(
            Api,
            Default,
            "API has the default server `https://{region}.zoo.test` instead of `https://{region}.zoo.example`",
            Rust::None,
            Wire::Breaking,
        )],
    );
    assert_findings(
        ZOO,
        &[("{default: eu}", "{default: us}")],
        &[expected(
            Server,
            Default,
            "API, server variable `region` has the default `us` instead of `eu`",
            Rust::None,
            Wire::Breaking,
        )],
    );
    assert_findings(
        ZOO,
        &[("{default: eu}}", "{default: eu}}\n- url: https://zoo.test")],
        &[
            expected(Server, Added, "API, server `https://zoo.test` is new", Rust::Minor, Wire::Note),
            expected(RustItem, Added, "Rust item `Server` is new", Rust::Minor, Wire::None),
            expected(
                RustItem,
                Added,
                "Rust item `runtime::ClientBuilder<Client>` has the new `server`",
                Rust::Minor,
                Wire::None,
            ),
        ],
    );
    assert_findings(
        ZOO,
        &[("https://{region}.zoo.example\n  variables: {region: {default: eu}}", "https://zoo.example")],
        &[
            expected(Server, Removed, "API, server variable `region` is removed", Rust::Major, Wire::Breaking),
            expected(
                Api,
                Default,
                "API has the default server `https://zoo.example` instead of `https://{region}.zoo.example`",
                Rust::None,
                Wire::Breaking,
            ),
            expected(
                RustItem,
                Removed,
                "Rust item `runtime` no longer has `runtime::ClientBuilder<S>::server_variable`, `runtime::EnvironmentSetting::ServerVariable`, `runtime::ServerError::MissingVariable`, `runtime::ServerError::NoSuchVariable`, `runtime::ServerError::NotAllowed` and 2 more",
                Rust::Major,
                Wire::None,
            ),
        ],
    );
}

#[test]
fn security_is_compared() {
    assert_findings(
        ZOO,
        &[("[{key: []}]", "[{token: []}]")],
        &[expected(Operation, Security, "operation `a` has other security requirements", Rust::None, Wire::Breaking)],
    );
    assert_findings(
        ZOO,
        &[("[{key: []}]", "[{key: []}, {token: []}]")],
        &[expected(Operation, Security, "operation `a` has other security requirements", Rust::None, Wire::Compatible)],
    );
    assert_findings(
        ZOO,
        &[("[{key: []}]", "[]")],
        &[expected(Operation, Security, "operation `a` needs no credentials now", Rust::None, Wire::Compatible)],
    );
    assert_findings(
        ZOO,
        &[("name: X-Key", "name: X-Api-Key")],
        &[expected(
            SecurityScheme,
            Security,
            "security scheme `key` is sent or requested differently",
            Rust::None,
            Wire::Breaking,
        )],
    );
    assert_findings(
        ZOO,
        &[("    token: {type: http, scheme: bearer}", "    basic: {type: http, scheme: basic}")],
        &[
            expected(SecurityScheme, Removed, "security scheme `token` is removed", Rust::Major, Wire::Breaking),
            expected(SecurityScheme, Added, "security scheme `basic` is new", Rust::Minor, Wire::None),
        ],
    );
    assert_findings(
        ZOO,
        &[("type: http, scheme: bearer", "type: http, scheme: basic")],
        &[expected(
            SecurityScheme,
            Security,
            "security scheme `token` is a scheme of another type",
            Rust::Major,
            Wire::Breaking,
        )],
    );
    assert_findings(
        ZOO,
        &[("scheme: bearer", "scheme: bearer, description: A token.")],
        &[expected(SecurityScheme, Docs, "security scheme `token` has other documentation", Rust::Patch, Wire::None)],
    );
}

#[test]
fn webhooks_are_compared_like_responses() {
    assert_findings(
        ZOO,
        &[("  born:", "  grown:")],
        &[
            expected(Webhook, Removed, "webhook `born` is removed", Rust::Major, Wire::Breaking),
            expected(Webhook, Added, "webhook `grown` is new", Rust::Minor, Wire::Note),
        ],
    );
    assert_findings(
        ZOO,
        &[("required: [name], ", "")],
        &[expected(
            Property,
            Required,
            "schema `Animal`, property `name` is optional now",
            Rust::Major,
            Wire::Breaking,
        )],
    );
}

#[test]
fn apis_of_a_crate_are_compared_separately() {
    let mut sources = Sources::new();
    let new = edited(
        ZOO,
        &[("    token: {type: http, scheme: bearer}\n", ""), ("    Animal: {", "    Plant: {}\n    Animal: {")],
    );
    sources.add("old.yaml", ZOO);
    sources.add("new.yaml", new);
    let config = |path: &str| {
        let mut config = Config::of_document("zoo", path);
        config.layout = crate::config::Layout::Modules;
        config.apis = vec![ApiConfig::new("zoo-a", "old.yaml"), ApiConfig::new("zoo-b", path)];
        config
    };
    let comparison = diff(&sources, &config("old.yaml"), &config("new.yaml")).unwrap();
    let sentences: Vec<String> = comparison.findings.iter().map(Finding::sentence).collect();
    assert_eq!(sentences, ["security scheme `token` is removed"]);
}

#[test]
fn texts_about_the_api_are_compared() {
    assert_findings(
        ZOO,
        &[("title: Zoo", "title: Zoo, description: Animals.")],
        &[expected(Api, Docs, "API has other documentation", Rust::Patch, Wire::None)],
    );
}

#[test]
fn variables_are_compared_for_each_server() {
    let two = ZOO.replace(
        "{region: {default: eu}}",
        "{region: {default: eu}}\n- url: https://{region}.zoo.test\n  variables: {region: {default: ap}}",
    );
    let sentence = "API, server variable `region` has the default `sa` instead of `ap`";
    assert_findings(
        &two,
        &[("{default: ap}", "{default: sa}")],
        &[expected(Server, Default, sentence, Rust::None, Wire::Breaking)],
    );
}
