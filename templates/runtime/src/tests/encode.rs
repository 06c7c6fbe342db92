//! Tests of encoding parameters in the styles of RFC 6570 and OpenAPI.

use serde_json::{Value, json};

use crate::runtime::wire_value::WireValue;
use crate::runtime::{FieldInfo, Location, ParameterInfo, RequestError, Style, encode, request};

fn wire(value: &Value) -> WireValue {
    WireValue::of(value).unwrap()
}

fn array() -> Value {
    json!(["blue", "black", "brown"])
}

fn object() -> Value {
    json!({"B": 150, "G": 200, "R": 100})
}

fn path(style: Style, explode: bool, value: Value) -> String {
    encode::path(&ParameterInfo::path("color").style(style).explode(explode), &wire(&value)).unwrap().into_owned()
}

fn pairs(info: &ParameterInfo, value: &Value) -> Result<Vec<String>, RequestError> {
    let mut pairs = Vec::new();
    let value = &wire(value);
    match info.location {
        Location::Cookie => encode::cookie(info, value, &mut pairs)?,
        _ => encode::query(info, value, &mut pairs)?,
    }
    Ok(pairs)
}

fn query(style: Style, explode: bool, value: Value) -> String {
    pairs(&ParameterInfo::query("color").style(style).explode(explode), &value).unwrap().join("&")
}

fn encode_error(info: ParameterInfo, value: Value) -> String {
    let encoded = match info.location {
        Location::Path => encode::path(&info, &wire(&value)).map(|_| ()),
        Location::Header => encode::header(&info, &wire(&value)).map(|_| ()),
        _ => pairs(&info, &value).map(|_| ()),
    };
    encoded.unwrap_err().to_string()
}

#[test]
fn path_styles_are_encoded() {
    let blue = || json!("blue");
    let rows = [
        (Style::Simple, false, blue(), "blue"),
        (Style::Simple, true, blue(), "blue"),
        (Style::Simple, false, array(), "blue,black,brown"),
        (Style::Simple, true, array(), "blue,black,brown"),
        (Style::Simple, false, object(), "B,150,G,200,R,100"),
        (Style::Simple, true, object(), "B=150,G=200,R=100"),
        (Style::Label, false, blue(), ".blue"),
        (Style::Label, true, blue(), ".blue"),
        (Style::Label, false, array(), ".blue,black,brown"),
        (Style::Label, true, array(), ".blue.black.brown"),
        (Style::Label, false, object(), ".B,150,G,200,R,100"),
        (Style::Label, true, object(), ".B=150.G=200.R=100"),
        (Style::Matrix, false, blue(), ";color=blue"),
        (Style::Matrix, true, blue(), ";color=blue"),
        (Style::Matrix, false, array(), ";color=blue,black,brown"),
        (Style::Matrix, true, array(), ";color=blue;color=black;color=brown"),
        (Style::Matrix, false, object(), ";color=B,150,G,200,R,100"),
        (Style::Matrix, true, object(), ";B=150;G=200;R=100"),
        (Style::Matrix, false, json!(""), ";color"),
        (Style::Matrix, true, json!(["", "."]), ";color;color=."),
        (Style::Matrix, true, json!({"a": "", "b": 1}), ";a;b=1"),
        (Style::Simple, false, json!(true), "true"),
        (Style::Simple, false, json!(-7), "-7"),
        (Style::Simple, false, json!("a/b c?d%e.f~g_h-i+ü"), "a%2Fb%20c%3Fd%25e.f~g_h-i%2B%C3%BC"),
        (Style::Simple, false, json!(["a,b", "c"]), "a%2Cb,c"),
        (Style::Json, false, json!({"a": [1]}), "%7B%22a%22%3A%5B1%5D%7D"),
    ];
    for (style, explode, value, expected) in rows {
        assert_eq!(path(style, explode, value.clone()), expected, "{style:?} {explode} {value}");
    }
}

#[test]
fn query_styles_are_encoded() {
    let blue = || json!("blue");
    let rows = [
        (Style::Form, true, blue(), "color=blue"),
        (Style::Form, false, blue(), "color=blue"),
        (Style::Form, true, json!(""), "color="),
        (Style::Form, true, array(), "color=blue&color=black&color=brown"),
        (Style::Form, false, array(), "color=blue,black,brown"),
        (Style::Form, true, object(), "B=150&G=200&R=100"),
        (Style::Form, false, object(), "color=B,150,G,200,R,100"),
        (Style::SpaceDelimited, false, array(), "color=blue%20black%20brown"),
        (Style::SpaceDelimited, true, array(), "color=blue&color=black&color=brown"),
        (Style::SpaceDelimited, false, object(), "color=B%20150%20G%20200%20R%20100"),
        (Style::PipeDelimited, false, array(), "color=blue%7Cblack%7Cbrown"),
        (Style::PipeDelimited, true, array(), "color=blue&color=black&color=brown"),
        (Style::SpaceDelimited, true, object(), "B=150&G=200&R=100"),
        (Style::SpaceDelimited, false, blue(), "color=blue"),
        (Style::PipeDelimited, false, object(), "color=B%7C150%7CG%7C200%7CR%7C100"),
        (Style::PipeDelimited, true, object(), "B=150&G=200&R=100"),
        (Style::PipeDelimited, true, blue(), "color=blue"),
        (Style::DeepObject, true, blue(), "color=blue"),
        (Style::DeepObject, false, object(), "color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100"),
        (Style::DeepObject, true, json!(["a b", "c"]), "color%5B0%5D=a%20b&color%5B1%5D=c"),
        (
            Style::DeepObject,
            true,
            json!({"a": {"b c": 1, "d": [true]}}),
            "color%5Ba%5D%5Bb%20c%5D=1&color%5Ba%5D%5Bd%5D%5B0%5D=true",
        ),
        (Style::DeepObject, true, json!([]), ""),
        (Style::DeepObject, true, object(), "color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100"),
        (Style::Form, true, json!([]), ""),
        (Style::Form, false, json!([]), ""),
        (Style::Form, true, json!({}), ""),
        (Style::DeepObject, true, json!({}), ""),
        (Style::Form, true, json!("a b+c&d=e/f?g#h%"), "color=a%20b%2Bc%26d%3De%2Ff%3Fg%23h%25"),
        (Style::Form, false, json!(["a,b", "c d"]), "color=a%2Cb,c%20d"),
        (Style::Json, true, json!({"a": "b c"}), "color=%7B%22a%22%3A%22b%20c%22%7D"),
    ];
    for (style, explode, value, expected) in rows {
        assert_eq!(query(style, explode, value.clone()), expected, "{style:?} {explode} {value}");
    }
    assert_eq!(pairs(&ParameterInfo::query("$top[x]"), &json!(1)).unwrap(), ["%24top%5Bx%5D=1"]);
}

#[test]
fn allow_reserved_keeps_reserved_characters() {
    let info = ParameterInfo::query("q").allow_reserved();
    let text = |value: &str| pairs(&info, &json!(value)).unwrap().join("&");
    assert_eq!(text("a/b?c:d@e;f=g,h!$'()*[i]"), "q=a/b?c:d@e;f=g,h!$'()*[i]");
    assert_eq!(text("a b&c+d#e\"<>"), "q=a%20b%26c%2Bd%23e%22%3C%3E");
    assert_eq!(text("100%25 100% %zz %ü"), "q=100%25%20100%25%20%25zz%20%25%C3%BC");
    let list = ParameterInfo::query("q").explode(false).allow_reserved();
    assert_eq!(pairs(&list, &json!(["a,b/", "c"])).unwrap(), ["q=a%2Cb/,c"]);
}

#[test]
fn headers_and_cookies_are_encoded() {
    let header = |value: Value, explode| {
        encode::header(&ParameterInfo::header("x-h").explode(explode), &wire(&value)).unwrap().unwrap_or_default()
    };
    assert_eq!(header(json!("a b, ü%"), false), "a b, ü%");
    assert_eq!(header(array(), false), "blue,black,brown");
    assert_eq!(header(object(), false), "B,150,G,200,R,100");
    assert_eq!(header(object(), true), "B=150,G=200,R=100");
    assert_eq!(header(json!([]), false), "");
    let cookie = |value: Value| pairs(&ParameterInfo::cookie("c"), &value).unwrap().join("; ");
    assert_eq!(cookie(json!("abc==/+")), "c=abc==/+");
    assert_eq!(cookie(json!("a;b c%\"")), "c=a%3Bb%20c%25%22");
    assert_eq!(cookie(json!([1, 2])), "c=1; c=2");
}

#[test]
fn unencodable_value_is_rejected_with_parameter_name() {
    for value in [json!(""), json!("."), json!(".."), json!([]), json!({}), json!(null), json!([[1]]), json!([""])] {
        let message = encode_error(ParameterInfo::path("serial"), value.clone());
        assert!(message.starts_with("the path parameter `serial` "), "{value}: {message}");
    }
    // The path segments `.` and `..` would change the path. With the label style, which writes a dot before values, an
    // empty value would become such a segment.
    let label = |explode| ParameterInfo::path("serial").style(Style::Label).explode(explode);
    let simple = || ParameterInfo::path("serial");
    for (info, value) in [
        (simple(), json!(["."])),
        (simple(), json!([".."])),
        (label(true), json!([""])),
        (label(true), json!(["", ""])),
        (label(false), json!("")),
        (label(false), json!(["."])),
    ] {
        let message = encode_error(info, value.clone());
        let expected = "the path parameter `serial` is empty, `.` or `..`, which would change the path";
        assert_eq!(message, expected, "{value}");
    }
    for value in [json!(null), json!([null]), json!({"a": null}), json!({"a": {"b": 1}}), json!([[1]])] {
        let message = encode_error(ParameterInfo::query("filter"), value.clone());
        assert!(message.starts_with("the query parameter `filter` "), "{value}: {message}");
    }
    let deep = || ParameterInfo::query("filter").style(Style::DeepObject);
    for value in [json!(null), json!([null]), json!({"a": {"b": null}})] {
        assert!(encode_error(deep(), value.clone()).contains("`filter`"), "{value}");
    }
    for value in ["a\r\nb: c", "a\nb", "\u{0}", "\u{7f}"] {
        let message = encode_error(ParameterInfo::header("x-note"), json!(value));
        assert_eq!(message, "the header parameter `x-note` contains a line break or another control character");
    }
}

#[test]
fn path_template_may_contain_query() {
    let parameters = [ParameterInfo::path("a"), ParameterInfo::path("b")];
    let expand = |template: &str| {
        let values = ["x/y", "?&"].map(|text| encode::path(&parameters[0], &wire(&json!(text))).unwrap().into_owned());
        request::expand_path(template, &parameters, |index| values.get(index).map(|text| Ok(text.as_str()))).unwrap()
    };
    let (path, query) = expand("/p/{a}:{b}.json?action=start&mode=a b#&flag&id={b}");
    assert_eq!(path, "/p/x%2Fy:%3F%26.json");
    assert_eq!(query, ["action=start", "mode=a%20b%23", "flag", "id=%3F%26"]);
    assert_eq!(expand("{a}{b}"), ("/x%2Fy%3F%26".to_owned(), Vec::new()));
}

#[test]
fn item_containing_delimiter_is_error() {
    let header = |explode| ParameterInfo::header("x-h").explode(explode);
    let styled = |style| ParameterInfo::query("q").style(style).explode(false);
    let label = ParameterInfo::path("p").style(Style::Label).explode(true);
    for (info, value, character) in [
        (header(false), json!(["a,b", "c"]), "`,`"),
        (header(false), json!({"a": "b,c"}), "`,`"),
        (header(false), json!({"a,b": "c"}), "`,`"),
        (header(true), json!({"a=b": "c"}), "`=` in a name"),
        (header(true), json!({"a": "b,c"}), "`,`"),
        (styled(Style::PipeDelimited), json!(["a|b", "c"]), "`|`"),
        (styled(Style::PipeDelimited).allow_reserved(), json!(["a%7cb", "c"]), "`|`"),
        (styled(Style::PipeDelimited), json!(["a|b"]), "`|`"),
        (styled(Style::SpaceDelimited), json!(["a b", "c"]), "a space"),
        (styled(Style::SpaceDelimited), json!({"a": "b c"}), "a space"),
        (label, json!(["a.b", "c"]), "`.`"),
    ] {
        let message = encode_error(info, value.clone());
        assert!(
            message.contains(&format!("an item that contains {character}, which the server")),
            "{value}: {message}"
        );
    }
    // Delimiters of other styles are allowed, and so are delimiters that are percent-encoded.
    let pairs_of = |style, value| pairs(&styled(style), &value).unwrap().join("&");
    assert_eq!(pairs_of(Style::PipeDelimited, json!(["a b", "c,d%7C"])), "q=a%20b%7Cc%2Cd%257C");
    assert_eq!(pairs_of(Style::SpaceDelimited, json!(["a|b", "c+d%20"])), "q=a%7Cb%20c%2Bd%2520");
    assert_eq!(pairs_of(Style::Form, json!(["a,b", "c"])), "q=a%2Cb,c");
    assert_eq!(encode::header(&header(false), &wire(&json!("a, b"))).unwrap().as_deref(), Some("a, b"));
    assert_eq!(encode::header(&header(true), &wire(&json!({"a": "b=c"}))).unwrap().as_deref(), Some("a=b=c"));
}

#[test]
fn nested_arrays_are_joined_in_their_styles() {
    const GRID: &[Style] = &[Style::Simple];
    let rows = json!([["a", "b"], ["c d"]]);
    let grid = |info: ParameterInfo| info.style(Style::PipeDelimited).item_styles(GRID);
    let info = grid(ParameterInfo::query("g"));
    assert_eq!(pairs(&info, &rows).unwrap(), ["g=a,b%7Cc%20d"]);
    assert_eq!(pairs(&info, &json!([])).unwrap(), [""; 0]);
    assert_eq!(pairs(&ParameterInfo::query("g").item_styles(GRID), &rows).unwrap(), ["g=a,b", "g=c%20d"]);
    assert_eq!(encode::path(&grid(ParameterInfo::path("g")), &wire(&rows)).unwrap(), "a,b%7Cc%20d");
    let header = |value: Value| encode::header(&grid(ParameterInfo::header("g")), &wire(&value));
    assert_eq!(header(rows).unwrap().as_deref(), Some("a,b|c d"));
    assert_eq!(header(json!([])).unwrap(), None);
    for (info, value, message) in [
        (grid(ParameterInfo::query("g")), json!([["a|b"]]), "an item that contains `|`"),
        (grid(ParameterInfo::header("g")), json!([["a,b"]]), "an item that contains `,`"),
        (grid(ParameterInfo::header("g")), json!([["a\nb"]]), "a line break"),
        (grid(ParameterInfo::query("g")), json!([[["a"]]]), "nested values"),
        (grid(ParameterInfo::query("g")), json!([[null]]), "null"),
        (grid(ParameterInfo::path("g")), json!([]), "an empty array"),
        (ParameterInfo::query("g").style(Style::Form).explode(false).item_styles(GRID), json!([["a", "b"]]), "`,`"),
    ] {
        let error = encode_error(info, value);
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn tabs_separate_items() {
    let info = |info: ParameterInfo| info.style(Style::TabDelimited);
    assert_eq!(pairs(&info(ParameterInfo::query("t")), &json!(["a b", "c"])).unwrap(), ["t=a%20b%09c"]);
    assert_eq!(encode::path(&info(ParameterInfo::path("t")), &wire(&json!([1, 2]))).unwrap(), "1%092");
    let header = encode::header(&info(ParameterInfo::header("t")), &wire(&json!(["a b", "c"])));
    assert_eq!(header.unwrap().as_deref(), Some("a b\tc"));
    assert!(encode_error(info(ParameterInfo::query("t")), json!(["a\tb"])).contains("a tab"));
    assert!(encode_error(ParameterInfo::header("t"), json!("a\tb")).contains("control character"));
}

#[test]
fn reserved_characters_are_allowed_in_paths_and_cookies() {
    let path =
        |value: &str| encode::path(&ParameterInfo::path("p").allow_reserved(), &wire(&json!(value))).map(String::from);
    assert_eq!(path("a/b:c@d&e+f=g").unwrap(), "a/b:c@d&e+f=g");
    assert_eq!(path("a?b#c%2Fd%e[f] g").unwrap(), "a%3Fb%23c%2Fd%25e%5Bf%5D%20g");
    let cookie = |value: &str| pairs(&ParameterInfo::cookie("c").allow_reserved(), &json!(value)).unwrap().join("; ");
    assert_eq!(cookie("a/%2F%;,"), "c=a/%2F%25%3B%2C");
}

#[test]
fn cookie_style_escapes_nothing() {
    let info = |explode| ParameterInfo::cookie("c").style(Style::Cookie).explode(explode);
    let cookie = |explode, value: Value| pairs(&info(explode), &value).unwrap().join("; ");
    assert_eq!(cookie(true, json!("a%2F=/")), "c=a%2F=/");
    assert_eq!(cookie(true, json!("\"a\"")), "c=\"a\"");
    assert_eq!(cookie(true, array()), "c=blue; c=black; c=brown");
    assert_eq!(cookie(false, array()), "c=blue,black,brown");
    assert_eq!(cookie(true, object()), "B=150; G=200; R=100");
    assert_eq!(cookie(false, object()), "c=B,150,G,200,R,100");
    assert_eq!((cookie(true, json!([])), cookie(false, json!({}))), (String::new(), String::new()));
    for value in [json!("a;b"), json!("a b"), json!("a\"b"), json!("ü"), json!(["a,b"])] {
        assert!(encode_error(info(false), value).contains("escaped form"));
    }
}

#[test]
fn query_string_is_encoded_by_its_style() {
    const FIELDS: &[FieldInfo] = &[FieldInfo::styled("b", Style::PipeDelimited, false)];
    let query = |info: ParameterInfo, value: Value| {
        let mut pairs = Vec::new();
        encode::query_string(&info, &wire(&value), &mut pairs).map(|()| pairs.join("|"))
    };
    let info = || ParameterInfo::query_string("q").fields(FIELDS);
    assert_eq!(query(info(), json!({"a": "x y", "b": [1, 2], "c": [1, 2]})).unwrap(), "a=x+y&b=1%7C2&c=1&c=2");
    assert_eq!(query(info(), json!({})).unwrap(), "");
    assert_eq!(query(info().style(Style::Json), json!({"a": [1]})).unwrap(), "%7B%22a%22%3A%5B1%5D%7D");
    assert_eq!(query(info().style(Style::Simple), json!("$.a b&c")).unwrap(), "%24.a%20b%26c");
    assert!(query(info(), json!({"b": ["x|y"]})).unwrap_err().to_string().contains("querystring"));
}
