//! Snapshots of the generated code of each feature, and of the diagnostics of each invalid document.
//!
//! A fixture is a minimal document that shows one feature or error. After an intended change, `cargo insta review` (or
//! `INSTA_UPDATE=always`) accepts the new output; reviewers read the diff of the snapshots.

use crate::fixture::{self, Fixture, Shown};
use crate::items;
use clientwright::output::FileSet;

/// Defines a test for each listed fixture of a folder, named like the file of the fixture, and a test which asserts
/// that every file of the folder is listed.
macro_rules! fixtures {
    ($folder:ident, $check:ident: $($name:ident)+) => {
        mod $folder {
            $(
                #[test]
                fn $name() {
                    super::$check(stringify!($folder), stringify!($name));
                }
            )+

            #[test]
            fn each_file_has_a_test() {
                super::assert_listed(stringify!($folder), &[$(stringify!($name)),+]);
            }
        }
    };
}

fixtures!(features, assert_feature:
    accept_error_media_types
    aliases
    all_of
    all_of_narrowed
    all_of_recursive
    all_of_required
    all_of_single
    any_of_objects
    any_value
    arrays
    assertions
    binary_bodies
    binary_content
    binary_json
    body_parameter_name
    boolean_schemas
    callbacks_and_links
    charsets
    client_certificate
    client_certificate_collisions
    client_values
    collection_formats
    components
    components_shared
    constants
    constraints
    content_codings
    cookie_style
    dates
    delimited_lists
    deprecated
    discriminator_by_definition
    discriminator_integer_and_boolean
    discriminator_values
    discriminator_without_subtypes
    documentation_everywhere
    documentation_nested
    documented_redirects
    dotted_names
    encoded_strings
    enum_flags
    enum_names
    enum_unquoted_values
    enum_value_types
    environment
    error_responses
    exact_numbers
    example_values
    exclusive_bounds_numeric
    exploded_query_object
    form_data
    hierarchy_base_with_several_values
    host_template
    hostile_docs
    hostile_names
    idempotency
    info_object
    inheritance
    inheritance_base
    inheritance_by_one_of
    inline_types
    inline_types_merged
    integer_enum
    integers_as_strings
    item_schema_events
    item_schema_lines
    item_schema_multipart
    json_and_text
    json_bodies
    json_lines_bodies
    keywords
    lenient_all_of
    lenient_operations
    lenient_parameters
    lenient_references
    lenient_swagger_parameters
    lenient_tuple_items
    long_names
    maps
    merge_patch
    method_head
    methods
    models_split_by_tag
    models_without_paths
    ms_extensions
    multipart
    multipart_encoded_content
    multipart_parts
    multipart_related
    multipart_styles
    name_collisions
    named_arguments
    names_like_type_parameters
    nested_parameters
    no_content
    null_beside_reference_lenient
    null_excluded_by_reference
    null_variants
    nullable_combinations
    number_formats
    omit_empty
    operation_collisions
    operation_docs
    operation_examples
    operation_ids
    operation_ids_with_routes
    operation_names_by_path
    operation_names_like_derives
    operation_servers
    operation_without_tags
    optional_and_nullable
    package_modules
    package_root
    pagination_cursor
    pagination_next_link
    pagination_offset_limit
    pagination_page_number
    parameter_collisions
    parameter_content
    parameter_styles
    parameters
    path_item_parameters
    path_item_references
    path_query_and_fragment
    path_servers
    pattern_properties
    property_names
    property_names_restricted
    property_order
    query_string
    read_write_only
    recursion
    recursion_arrays_and_maps
    recursion_long_cycle
    reference_deep_pointers
    reference_escaped_pointers
    reference_nested_schema
    reference_siblings
    reference_siblings_3_1
    relative_server
    request_body_variants
    reserved_names
    response_headers
    response_success_statuses
    response_variants
    response_without_content
    rust_names
    schema_identifiers
    secret_nested
    secret_paths
    secret_properties
    security
    security_authorization_key
    security_conflicting_schemes
    security_device_authorization
    security_http_scheme
    security_mutual_tls
    security_oauth2
    security_open_id
    server_enums
    server_url_variable
    servers
    single_allowed_value
    stream_results
    streams
    string_enum
    string_enum_null
    tag_features
    tag_names_non_ascii
    tags_nested
    text_plain_bodies
    title_and_external_docs
    titles_repeating_names
    tuples
    type_lists
    unevaluated_properties
    union_beside_properties
    union_by_allowed_values
    union_by_discriminator
    union_by_first_match
    union_by_property
    union_by_type
    union_by_value
    union_names
    union_nested
    union_recursive
    union_single_variant
    unused_schemas
    urlencoded
    webhook_bodies
    webhooks
    xml
    xml_names
);

fixtures!(diagnostics, assert_diagnostics:
    all_of_contradiction
    all_of_cycle
    all_of_enums_disjoint
    all_of_non_object
    callbacks
    collection_format_repeated
    enum_value_duplicate
    enum_value_too_large
    enum_value_wrong_type
    exploded_object_additional_properties
    exploded_object_nested
    item_schema_ignored
    links
    ms_pageable
    multipart_part_headers
    name_collision_server_variable
    null_excluded_by_reference
    one_of_infinite
    pagination_items
    pagination_parameter
    pagination_pointers
    pagination_response
    pagination_style
    pagination_total
    parameter_allow_empty_value
    parameter_content_media_types
    parameter_header_content_length
    parameter_header_content_type
    part_encodings
    path_with_query
    query_string
    query_string_media_types
    reference_cycle
    reference_unresolved
    request_body_media_types
    request_body_without_media_type
    required_without_property
    response_headers
    schema_media_type_unsupported
    security_http_scheme
    security_key_name
    security_shared_header
    sensitive_number
    server_name_not_string
    server_url_with_query
    swagger_parameter_types
    union_empty
    union_recursive_directly
    union_recursive_indirectly
);

fn assert_feature(folder: &str, name: &str) {
    let fixture = fixture::one(folder, name);
    let files = fixture.generate().unwrap_or_else(|diagnostics| panic!("{}", fixture.rendered(&diagnostics)));
    assert_rust(&fixture, &files);
    assert_snapshot(folder, name, selected_files(&fixture, &files));
}

fn assert_diagnostics(folder: &str, name: &str) {
    let fixture = fixture::one(folder, name);
    let diagnostics = fixture.generate().map_or_else(|diagnostics| diagnostics, |files| files.diagnostics);
    assert_snapshot(folder, name, fixture.lines(&diagnostics));
}

fn assert_listed(folder: &str, listed: &[&str]) {
    let files: Vec<String> = fixture::all(folder).into_iter().map(|fixture| fixture.name).collect();
    assert_eq!(files, listed, "the list of fixtures in tests/snapshots.rs differs from the files");
}

/// Compares `text` with the snapshot of a fixture.
fn assert_snapshot(folder: &str, name: &str, text: String) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_suffix(format!("{name}.yaml"));
    settings.bind(|| insta::assert_snapshot!(folder, text));
}

/// Asserts that `syn` can parse the generated files. Skips the runtime, which other tests cover.
fn assert_rust(fixture: &Fixture, files: &FileSet) {
    let own = files.iter().filter(|(path, _)| path.ends_with(".rs") && !path.starts_with("src/runtime/"));
    for (path, text) in own {
        if let Err(error) = syn::parse_file(text) {
            panic!("{}: {path} is not valid Rust: {error}", fixture.name);
        }
    }
}

/// Returns the generated files and items that the fixture selects by `# shows:`, and all diagnostics, as the text of a
/// snapshot.
fn selected_files(fixture: &Fixture, files: &FileSet) -> String {
    let mut selected_files = String::new();
    for Shown { path, items } in &fixture.shows {
        let text = files.get(path).unwrap_or_else(|| {
            let own: Vec<_> = files.iter().map(|(path, _)| path).filter(|path| !path.contains("runtime/")).collect();
            panic!("{}: `{path}` is not generated; generated files: {own:#?}", fixture.name)
        });
        let text = if items.is_empty() {
            without_boilerplate(path, text).to_owned()
        } else {
            items::select(text, items).unwrap_or_else(|error| panic!("{}: {path}: {error}", fixture.name))
        };
        let text = if fixture.examples { text } else { items::without_examples(&text) };
        selected_files.push_str(&format!("==> {path}\n{text}\n"));
    }
    if !files.diagnostics.is_empty() {
        selected_files.push_str(&format!("==> remarks\n{}", fixture.lines(&files.diagnostics)));
    }
    selected_files
}

/// Returns the text of a file without the parts that are the same in every crate.
fn without_boilerplate<'a>(path: &str, text: &'a str) -> &'a str {
    let text = text.strip_prefix("// @generated by clientwright; do not edit.\n").unwrap_or(text);
    match text.find("[features]") {
        // The rest of the manifest is copied from the runtime, which changes independently.
        Some(end) if path == "Cargo.toml" => &text[..end],
        _ => text,
    }
}
