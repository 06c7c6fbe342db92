//! Typed headers.

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
fn values_are_read_as_their_types() {
    let came =
        headers(&[("x-total", " 7"), ("x-on", "true"), ("x-ratio", "0.5"), ("x-text", "7"), ("sunset", "2030-01-02")]);
    assert_eq!(Header::<i64>::new("X-Total").get(&came).unwrap(), Some(7));
    assert_eq!(Header::<bool>::new("X-On").get(&came).unwrap(), Some(true));
    assert_eq!(Header::<f64>::new("X-Ratio").get(&came).unwrap(), Some(0.5));
    assert_eq!(Header::<String>::new("X-Text").get(&came).unwrap().as_deref(), Some("7"));
    assert_eq!(Header::<Date>::new("Sunset").get(&came).unwrap(), Some(Date::from("2030-01-02")));
    assert_eq!(Header::<i64>::new("X-Other").get(&came).unwrap(), None);
}

#[test]
fn lists_may_be_lines() {
    let came = headers(&[("x-tags", "a, b"), ("x-tags", "c"), ("x-ids", "1,2"), ("x-none", "")]);
    assert_eq!(Header::<Vec<String>>::new("X-Tags").get(&came).unwrap().unwrap(), ["a", "b", "c"]);
    assert_eq!(Header::<Vec<i64>>::new("X-Ids").get(&came).unwrap().unwrap(), [1, 2]);
    assert!(Header::<Vec<i64>>::new("X-None").get(&came).unwrap().unwrap().is_empty());
}

#[test]
fn cookies_are_not_parted_at_their_commas() {
    let id = "id=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT";
    let came = headers(&[("set-cookie", id), ("set-cookie", "lang=en")]);
    assert_eq!(Header::<Vec<String>>::new("Set-Cookie").get(&came).unwrap().unwrap(), [id, "lang=en"]);
    assert_eq!(Header::<String>::new("Set-Cookie").get(&came).unwrap().unwrap(), format!("{id}\nlang=en"));
    let one = headers(&[("set-cookie", id)]);
    assert_eq!(Header::<Vec<String>>::new("set-cookie").get(&one).unwrap().unwrap(), [id]);
}

#[test]
fn an_error_names_the_header_and_not_its_value() {
    let came = headers(&[("x-total", "hush")]);
    let error = Header::<i64>::new("X-Total").get(&came).unwrap_err().to_string();
    assert_eq!(error, "the header `X-Total`: the text is no whole number");
}
