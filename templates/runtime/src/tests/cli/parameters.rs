//! Tests of parameter values from the command line.

use super::call;

/// Returns the path and query of a call with these parameters.
#[track_caller]
fn sent(parameters: &[&str]) -> String {
    let arguments: Vec<&str> = parameters.iter().flat_map(|parameter| ["--param", *parameter]).collect();
    let result = call("shapes", &arguments, vec![]);
    assert_eq!(result.code, 0, "{}", result.errors);
    result.request().uri().path_and_query().unwrap().to_string()
}

#[track_caller]
fn assert_rejected(parameters: &[&str], message: &str) {
    let arguments: Vec<&str> = parameters.iter().flat_map(|parameter| ["--param", *parameter]).collect();
    call("shapes", &arguments, vec![]).assert_usage_error(message);
}

#[test]
fn value_is_json_if_type_allows_and_string_otherwise() {
    assert_eq!(sent(&["path:id=4099AB"]), "/shapes/4099AB");
    assert_eq!(sent(&["path:id=4099"]), "/shapes/4099");
    assert_eq!(sent(&["path:id=\"4099\""]), "/shapes/4099");
    assert_eq!(sent(&["path:id=007"]), "/shapes/007");
    assert_eq!(sent(&["path:id=a", "text=true"]), "/shapes/a?text=true");
    assert_eq!(sent(&["path:id=a", "text={\"a\":1}"]), "/shapes/a?text=%7B%22a%22%3A1%7D");
    assert_eq!(sent(&["path:id=a", "text="]), "/shapes/a?text=");
    assert_eq!(sent(&["path:id=a", "any=[1,2]"]), "/shapes/a?any=1&any=2");
    assert_eq!(sent(&["path:id=a", "any=b c"]), "/shapes/a?any=b%20c");
    assert_eq!(sent(&["path:id=a", "map={\"x\":1}"]), "/shapes/a?x=1");
    assert_eq!(sent(&["path:id=a", "ratio=0.1"]), "/shapes/a?ratio=0.1");
    // A decimal keeps its digits. An integer may be written with a zero fraction.
    assert_eq!(
        sent(&["path:id=a", "price=12345678901234567890.50", "list=[1,2.0]"]),
        "/shapes/a?list=1,2&price=12345678901234567890.50"
    );
}

#[test]
fn repeated_parameter_becomes_array() {
    assert_eq!(sent(&["path:id=a", "list=1", "list=2"]), "/shapes/a?list=1,2");
    assert_eq!(sent(&["path:id=a", "list=7"]), "/shapes/a?list=7");
    assert_eq!(sent(&["path:id=a", "list=[1,2]"]), "/shapes/a?list=1,2");
    assert_eq!(sent(&["path:id=a", "names=1", "names=true", "names=b"]), "/shapes/a?names=1&names=true&names=b");
    assert_rejected(
        &["path:id=a", "names=[\"a\",null]"],
        "the query parameter `names`: invalid type: null, expected a string",
    );
    assert_rejected(
        &["path:id=a", "text=1", "text=2"],
        "the query parameter `text`: invalid array (the parameter is set several times): invalid type: sequence, \
         expected a string",
    );
}

#[test]
fn ambiguous_name_needs_location() {
    assert_eq!(sent(&["path:id=a", "query:id=7"]), "/shapes/a?id=7");
    assert_rejected(&["id=a"], "shapes has several parameters with this name: use `path:id` or `query:id`");
}

#[test]
fn parameter_name_may_contain_equals_sign() {
    assert_eq!(sent(&["path:id=a", "filter[a=b]=c=d"]), "/shapes/a?filter%5Ba%3Db%5D=c%3Dd");
}

#[test]
fn invalid_parameter_is_explained() {
    let known = "path:id, query:id, query:any, query:text, query:list, query:names, query:map, query:filter[a=b], \
                 query:ratio, query:price, header:X-Secret";
    assert_rejected(&["tetx=1"], &format!("shapes has no parameter `tetx`; did you mean `text`? (it has {known})"));
    assert_rejected(&["wholly_other=1"], &format!("shapes has no parameter `wholly_other` (it has {known})"));
    assert_rejected(&["text"], "a value of --param has no `=`: expected [LOCATION:]NAME=VALUE");
    assert_rejected(&["query:id=x"], "the query parameter `id`: invalid type: string \"x\", expected i32");
    assert_rejected(&["header:X-Secret=hush"], "the header parameter `X-Secret`: the value does not match its type");
    assert_rejected(
        &[],
        "shapes (GET /shapes/{id}): nothing was sent: the path parameter `id` is required but not set",
    );
    call("health", &["--param", "a=b"], vec![])
        .assert_usage_error("health has no parameter `a` (it has no parameters)");
}
