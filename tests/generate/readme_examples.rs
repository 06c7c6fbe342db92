//! Compiles the examples in the README of a generated crate.

use clientwright::output::FileSet;

/// Adds the test program `tests/readme.rs` to a crate. It contains each Rust code block of the README as a function.
pub fn add_examples(files: &mut FileSet) {
    let readme = files.get("README.md").unwrap();
    let blocks = readme.split("```rust\n").skip(1).map(|block| block.split("```").next().unwrap());
    let mut program = "#![allow(unused)]\n\n".to_owned();
    for (index, block) in blocks.enumerate() {
        program.push_str(&format!(
            "async fn example_{index}() -> Result<(), Box<dyn std::error::Error>> {{\n{block}\nOk(())\n}}\n\n"
        ));
    }
    assert!(program.contains("async fn example_5()"), "{program}");
    files.insert("tests/readme.rs", program);
}
