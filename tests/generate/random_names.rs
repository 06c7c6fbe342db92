//! Tests that a crate with random names of schemas, properties, parameters, form parts, operations and tags compiles:
//! each name becomes a unique identifier.

use std::collections::BTreeSet;

use clientwright::config::Layout;
use clientwright::output::FileSet;
use serde_json::{Map, Value, json};

use crate::fixture;

/// The fragments that random names consist of.
const FRAGMENTS: &[&str] = &[
    // Rust's keywords, including reserved and former ones.
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "raw",
    "ref",
    "return",
    "safe",
    "self",
    "Self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    // The prelude, primitive types, and the crates that generated code uses.
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "From",
    "Into",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Result",
    "Send",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Vec",
    "bool",
    "char",
    "f64",
    "i64",
    "str",
    "u8",
    "usize",
    "bytes",
    "core",
    "http",
    "runtime",
    "serde",
    "serde_json",
    "std",
    "BTreeMap",
    "Serialize",
    "fmt",
    // Type parameters of generated code.
    "D",
    "S",
    // A character whose upper case is a letter with a combining mark.
    "ẖ",
    // Names that generated code defines itself.
    "api",
    "body",
    "call",
    "call.set",
    "client",
    "Client",
    "Error",
    "ErrorBody",
    "form",
    "index",
    "item",
    "items",
    "kind",
    "&mut call)",
    "models",
    "name",
    "new",
    "Operation",
    "operations",
    "other_part",
    "output",
    "pages",
    "part",
    "parts",
    "parts.part",
    "phone_call",
    "query",
    "recall",
    "response",
    "self.call",
    "send",
    "server",
    "tag",
    "Unknown",
    "value",
    // Digits, other scripts, and characters that are not letters.
    "1",
    "2fa",
    "007",
    "3.14",
    "größe",
    "名前",
    "ёлка",
    "ς",
    "İ",
    "ﬁ",
    "e\u{301}",
    "\u{200b}",
    "😀",
    "ª",
    "x\u{2019}s",
    "_",
    "__",
    "-",
    " ",
    "$",
    "@",
    "#",
    "/",
    ".",
    ":",
    "'",
    "\"",
    "\\",
    "{",
    "}",
    "`",
    "//",
    "*/",
    "\n",
    "",
];

/// The seed of the random number generator.
const SEED: u64 = 0x5eed;

/// The number of operations in a document. There are about as many schemas, parameters and so on.
const OPERATIONS: usize = 40;

/// A random number generator: SplitMix64, whose state is the seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// Returns a name of one to three fragments, with separators between them.
    fn name(&mut self) -> String {
        let mut name = FRAGMENTS[self.below(FRAGMENTS.len())].to_owned();
        for _ in 0..self.below(4).saturating_sub(1) {
            name.push_str(["_", "", "-", ".", " "][self.below(5)]);
            name.push_str(FRAGMENTS[self.below(FRAGMENTS.len())]);
        }
        name
    }

    /// Returns distinct names, since keys in a document must be unique.
    fn names(&mut self, most: usize) -> Vec<String> {
        let mut known = BTreeSet::new();
        (0..=self.below(most)).map(|_| self.name()).filter(|name| known.insert(name.clone())).collect()
    }

    /// Generates a random name that is valid both as an OpenAPI component name and as an HTTP header name.
    fn plain_name(&mut self) -> String {
        let name: String =
            self.name().chars().filter(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_')).collect();
        if name.is_empty() { "_".to_owned() } else { name }
    }
}

fn document(random: &mut Random) -> Value {
    let mut schemas: BTreeSet<String> = BTreeSet::new();
    for _ in 0..OPERATIONS {
        schemas.insert(random.plain_name());
    }
    let schemas: Vec<String> = schemas.into_iter().collect();
    let mut defined = Map::new();
    for name in &schemas {
        defined.insert(name.clone(), schema(random, &schemas));
    }
    let mut paths = Map::new();
    let mut ids = BTreeSet::new();
    for number in 0..OPERATIONS {
        let mut id = random.name();
        while id.trim().is_empty() || !ids.insert(id.clone()) {
            id = random.name();
        }
        let (path, operation) = operation(random, number, &id, &schemas);
        paths.insert(path, json!({ "post": operation }));
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": random.plain_name(), "version": "1"},
        "servers": [{"url": "https://names.example"}],
        "paths": paths,
        "components": {"schemas": defined},
    })
}

fn reference(random: &mut Random, schemas: &[String]) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", schemas[random.below(schemas.len())])})
}

/// Returns a random schema that generates a type: e.g. an object, an enum or a union.
fn schema(random: &mut Random, schemas: &[String]) -> Value {
    match random.below(4) {
        0 => json!({"type": "string", "enum": random.names(6)}),
        1 => {
            let alternatives = random.names(3).into_iter().map(|name| {
                json!({"type": "object", "title": random.name(), "required": [name], "properties": {name: {"type": "integer"}}})
            });
            let mut alternatives: Vec<Value> = alternatives.collect();
            alternatives.push(json!({"type": "string"}));
            json!({ "oneOf": alternatives })
        }
        _ => {
            let properties = properties(random, schemas);
            let required: Vec<&String> = properties.keys().filter(|_| random.one_in(2)).collect();
            let mut schema = json!({"type": "object", "properties": properties});
            if !required.is_empty() {
                schema["required"] = json!(required);
            }
            if random.one_in(3) {
                schema["additionalProperties"] = json!({"type": "string"});
            }
            schema
        }
    }
}

fn properties(random: &mut Random, schemas: &[String]) -> Map<String, Value> {
    let names = random.names(6);
    names.into_iter().map(|name| (name, value(random, schemas))).collect()
}

fn value(random: &mut Random, schemas: &[String]) -> Value {
    match random.below(7) {
        0 => reference(random, schemas),
        1 => json!({"type": "number"}),
        2 => json!({"type": "array", "items": {"type": "string"}}),
        3 => json!({"type": "string", "enum": random.names(4)}),
        4 => json!({"type": "object", "properties": {random.name(): {"type": "boolean"}}}),
        5 => json!({"type": "integer", "nullable": true}),
        _ => json!({"type": "string"}),
    }
}

/// Returns an operation with parameters in all locations and a body of a random media type.
fn operation(random: &mut Random, number: usize, id: &str, schemas: &[String]) -> (String, Value) {
    let mut path = format!("/{number}");
    let mut parameters = Vec::new();
    let mut add = |random: &mut Random, name: &str, place: &str, required: bool| {
        let schema = match random.below(3) {
            0 => json!({"type": "integer"}),
            1 => json!({"type": "array", "items": {"type": "string"}}),
            _ => json!({"type": "string"}),
        };
        parameters.push(json!({"name": name, "in": place, "required": required, "schema": schema}));
    };
    if random.one_in(3) {
        let name = random.plain_name();
        path.push_str(&format!("/{{{name}}}"));
        add(random, &name, "path", true);
    }
    for name in random.names(5).into_iter().filter(|name| !name.is_empty()) {
        let required = random.one_in(3);
        add(random, &name, "query", required);
    }
    if random.one_in(2) {
        let name = format!("x-{}", random.plain_name());
        let required = random.one_in(2);
        add(random, &name, "header", required);
    }
    let form = |random: &mut Random| {
        let mut properties = properties(random, schemas);
        properties.insert("phone_call".to_owned(), json!({"type": "string"}));
        properties.insert(random.name(), json!({"type": "string", "format": "binary"}));
        properties.insert(random.name(), json!({"type": "array", "items": {"type": "string", "format": "binary"}}));
        let required: Vec<&String> = properties.keys().filter(|_| random.one_in(3)).collect();
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if random.one_in(2) {
            schema["additionalProperties"] = json!({"type": "string"});
        }
        schema
    };
    let mut content = Map::new();
    if random.one_in(2) {
        content.insert("application/json".to_owned(), json!({"schema": reference(random, schemas)}));
    }
    if random.one_in(2) {
        content.insert("multipart/form-data".to_owned(), json!({"schema": form(random)}));
    }
    let tag = if random.one_in(2) { random.name() } else { ["call", "self", "client"][random.below(3)].to_owned() };
    let mut operation = json!({
        "operationId": id,
        "tags": [tag],
        "parameters": parameters,
        "responses": {"200": {
            "description": "d",
            "headers": {format!("x-{}", random.plain_name()): {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": reference(random, schemas)}},
        }},
    });
    if !content.is_empty() {
        let required = random.one_in(2);
        operation["requestBody"] = json!({"required": required, "content": content});
    }
    (path, operation)
}

/// Returns the crate of a document with random names.
pub fn generate() -> FileSet {
    let text = document(&mut Random(SEED)).to_string();
    let files = fixture::generate_package("random-names", "names", &text, Layout::Root, false);
    files.unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}\n{text}"))
}
