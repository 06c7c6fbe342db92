//! Every finding on a document, as its author sees it: a small document a kind of fault, and a snapshot of the text.

use clientwright::diagnostics::{Diagnostics, Style, render};
use clientwright::dialect;
use clientwright::source::{Document, Sources};

#[test]
fn findings_read_well() {
    insta::glob!("findings/*.*", |path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap();
        let mut sources = Sources::new();
        let source = sources.add(name, std::fs::read(path).unwrap());
        let mut diagnostics = Diagnostics::new();
        let document = Document::read(&sources, source, &mut diagnostics);
        if let Some(document) = document.and_then(|document| dialect::to_3_0(document, &mut diagnostics)) {
            dialect::check(&document, &mut diagnostics);
            dialect::typed(&document, &mut diagnostics);
        }
        let findings = render(&diagnostics, &sources, &Style::default());
        insta::assert_snapshot!(findings);
    });
}
