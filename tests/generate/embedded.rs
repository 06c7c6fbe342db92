//! A crate that contains a generated module, which the test of generated crates compiles.

use clientwright::config::{Config, Feature, Layout, Runtime};
use clientwright::output::FileSet;

use crate::fixture;

/// Returns a crate with a generated client in the module `vendor::pets`.
pub(super) fn application() -> FileSet {
    let fixture = fixture::one("features", "package_root");
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../templates/runtime");
    let config = Config {
        package: fixture::package("embedded"),
        module: vec!["vendor".to_owned(), "pets".to_owned()],
        runtime: Runtime::Path(runtime.to_owned()),
        features: [Feature::Blocking, Feature::Gzip, Feature::Mock].into(),
        ..fixture::config(&["package_root"], Layout::Module)
    };
    let generated = clientwright::generate(&fixture::sources(&fixture.name, &fixture.text), &config);
    let module = generated.unwrap_or_else(|diagnostics| panic!("{}", fixture.rendered(&diagnostics)));
    let mut files = FileSet::default();
    for (path, text) in module.iter() {
        files.insert(format!("src/vendor/pets/{path}"), text);
    }
    let dependencies = module.dependencies.join("\n");
    files.insert(
        "Cargo.toml",
        format!("[package]\nname = \"embedded\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n"),
    );
    files.insert("src/lib.rs", "//! An application.\n\npub mod vendor;\n");
    files.insert("src/vendor/mod.rs", "//! Clients of vendors.\n\npub mod pets;\n");
    files
}
