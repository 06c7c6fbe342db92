//! Values from the command line, through the types of parameters.

use super::call;

/// The path and query that the parameters make.
#[track_caller]
fn sent(parameters: &[&str]) -> String {
    let arguments: Vec<&str> = parameters.iter().flat_map(|parameter| ["--param", *parameter]).collect();
    let ran = call("shapes", &arguments, vec![]);
    assert_eq!(ran.code, 0, "{}", ran.errors);
    ran.request().uri().path_and_query().unwrap().to_string()
}

#[track_caller]
fn refused(parameters: &[&str], message: &str) {
    let arguments: Vec<&str> = parameters.iter().flat_map(|parameter| ["--param", *parameter]).collect();
    call("shapes", &arguments, vec![]).is_usage(message);
}

#[test]
fn a_value_is_json_where_the_type_takes_it_and_else_text() {
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
    // A decimal keeps its digits, and an integer may be written as any number that is whole.
    assert_eq!(
        sent(&["path:id=a", "price=12345678901234567890.50", "list=[1,2.0]"]),
        "/shapes/a?list=1,2&price=12345678901234567890.50"
    );
}

#[test]
fn several_values_make_an_array() {
    assert_eq!(sent(&["path:id=a", "list=1", "list=2"]), "/shapes/a?list=1,2");
    assert_eq!(sent(&["path:id=a", "list=7"]), "/shapes/a?list=7");
    assert_eq!(sent(&["path:id=a", "list=[1,2]"]), "/shapes/a?list=1,2");
    assert_eq!(sent(&["path:id=a", "names=1", "names=true", "names=b"]), "/shapes/a?names=1&names=true&names=b");
    refused(&["path:id=a", "names=[\"a\",null]"], "the query parameter `names`: invalid type: null, expected a string");
    refused(
        &["path:id=a", "text=1", "text=2"],
        "the query parameter `text`: given several times, it must be an array; invalid type: sequence, expected a string",
    );
}

#[test]
fn a_name_in_two_places_needs_the_place() {
    assert_eq!(sent(&["path:id=a", "query:id=7"]), "/shapes/a?id=7");
    refused(&["id=a"], "shapes has the parameter twice: say `path:id` or `query:id`");
}

#[test]
fn a_name_may_hold_an_equals_sign() {
    assert_eq!(sent(&["path:id=a", "filter[a=b]=c=d"]), "/shapes/a?filter%5Ba%3Db%5D=c%3Dd");
}

#[test]
fn mistakes_are_named() {
    let known = "path:id, query:id, query:any, query:text, query:list, query:names, query:map, query:filter[a=b], \
                 query:ratio, query:price, header:X-Secret";
    refused(&["tetx=1"], &format!("shapes has no parameter `tetx`; did you mean `text`? (it has {known})"));
    refused(&["wholly_other=1"], &format!("shapes has no parameter `wholly_other` (it has {known})"));
    refused(&["text"], "--param takes [LOCATION:]NAME=VALUE, and there is one without `=`");
    refused(&["query:id=x"], "the query parameter `id`: invalid type: string \"x\", expected i32");
    refused(&["header:X-Secret=hush"], "the header parameter `X-Secret`: its type does not take the value");
    refused(&[], "shapes (GET /shapes/{id}): nothing was sent: the path parameter `id` is required and not set");
    call("health", &["--param", "a=b"], vec![]).is_usage("health has no parameter `a` (it has none)");
}
