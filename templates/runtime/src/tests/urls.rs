//! URLs that are made of the origin of the one before.

use http::Uri;
use url::Url;

use crate::runtime::urls::Urls;

/// A URL that is made of the last one's origin is the one that would have been read.
#[test]
fn the_origin_of_the_last_url_makes_no_difference() {
    let urls = Urls::default();
    let origins = ["http://127.0.0.1:8080", "https://Example.com", "https://example.com:443", "http://[::1]:1"];
    let paths = [
        "",
        "/",
        "//",
        "/a/b",
        "/a//b/",
        "/?",
        "/?a=b&c=%20d",
        "/a?b?c",
        "/a;b=c,d",
        "/a%2Fb/%2e%2e/c",
        "/a/../b",
        "/a/./b",
        "/a\\b",
        "/\"{x}\"",
        "/a|b^c",
        "//evil.example/a",
        "/x:y@z?u=http://v/",
        "/a'b?c'd",
        "/.%2E/a",
    ];
    for origin in origins {
        for path in paths {
            let uri = Uri::try_from(format!("{origin}{path}")).unwrap();
            // The first of an origin is read, and so is each that follows another origin's.
            let (first, second) = (urls.of(&uri).unwrap(), urls.of(&uri).unwrap());
            assert_eq!(first.as_str(), Url::parse(&uri.to_string()).unwrap().as_str(), "{uri}");
            assert_eq!(second.as_str(), first.as_str(), "{uri}");
        }
    }
}
