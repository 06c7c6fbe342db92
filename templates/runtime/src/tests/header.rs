//! Tests of parsing response headers as typed values.

use http::HeaderMap;

use crate::runtime::{Date, Header};

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(*name, value.parse().unwrap());
    }
    headers
}

#[test]
fn header_is_parsed_as_its_type() {
    let received =
        headers(&[("x-total", " 7"), ("x-on", "true"), ("x-ratio", "0.5"), ("x-text", "7"), ("sunset", "2030-01-02")]);
    assert_eq!(Header::<i64>::new("X-Total").get(&received).unwrap(), Some(7));
    assert_eq!(Header::<bool>::new("X-On").get(&received).unwrap(), Some(true));
    assert_eq!(Header::<f64>::new("X-Ratio").get(&received).unwrap(), Some(0.5));
    assert_eq!(Header::<String>::new("X-Text").get(&received).unwrap().as_deref(), Some("7"));
    assert_eq!(Header::<Date>::new("Sunset").get(&received).unwrap(), Some(Date::unvalidated("2030-01-02")));
    assert_eq!(Header::<i64>::new("X-Other").get(&received).unwrap(), None);
}

#[test]
fn array_header_may_be_repeated() {
    let received = headers(&[("x-tags", "a, b"), ("x-tags", "c"), ("x-ids", "1,2"), ("x-none", "")]);
    assert_eq!(Header::<Vec<String>>::new("X-Tags").get(&received).unwrap().unwrap(), ["a", "b", "c"]);
    assert_eq!(Header::<Vec<i64>>::new("X-Ids").get(&received).unwrap().unwrap(), [1, 2]);
    assert!(Header::<Vec<i64>>::new("X-None").get(&received).unwrap().unwrap().is_empty());
}

#[test]
fn set_cookie_is_not_split_at_commas() {
    let id = "id=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT";
    let received = headers(&[("set-cookie", id), ("set-cookie", "lang=en")]);
    assert_eq!(Header::<Vec<String>>::new("Set-Cookie").get(&received).unwrap().unwrap(), [id, "lang=en"]);
    assert_eq!(Header::<String>::new("Set-Cookie").get(&received).unwrap().unwrap(), format!("{id}\nlang=en"));
    let one = headers(&[("set-cookie", id)]);
    assert_eq!(Header::<Vec<String>>::new("set-cookie").get(&one).unwrap().unwrap(), [id]);
}

#[test]
fn error_names_header_without_value() {
    let received = headers(&[("x-total", "hush")]);
    let error = Header::<i64>::new("X-Total").get(&received).unwrap_err().to_string();
    assert_eq!(error, "the header `X-Total`: the text is not an integer");
}

#[test]
fn array_header_is_split_at_its_separators() {
    let received = headers(&[("x-rows", "1,2|3"), ("x-rows", "4"), ("x-words", "a  b"), ("x-tabs", "a b\tc")]);
    let rows = Header::<Vec<Vec<i64>>>::new("X-Rows").separated_by(&['|', ',']).get(&received).unwrap().unwrap();
    assert_eq!(rows, [vec![1, 2], vec![3], vec![4]]);
    let words = Header::<Vec<String>>::new("X-Words").separated_by(&[' ']).get(&received).unwrap().unwrap();
    assert_eq!(words, ["a", "b"]);
    let tabs = Header::<Vec<String>>::new("X-Tabs").separated_by(&['\t']).get(&received).unwrap().unwrap();
    assert_eq!(tabs, ["a b", "c"]);
}
