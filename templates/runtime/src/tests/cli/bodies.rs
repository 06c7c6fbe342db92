//! Tests of request bodies that the command-line program reads from arguments, files and standard input.

use super::{ONE, RunResult, api, call, run_program};
use crate::runtime::cli::{Apis, Program};

fn sent(result: &RunResult) -> (&str, &str) {
    let request = result.request();
    let content_type = request.headers().get("content-type").map_or("", |value| value.to_str().unwrap());
    (content_type, std::str::from_utf8(request.body()).unwrap())
}

#[test]
fn json_body_is_validated_by_its_type() {
    let renew = |body: &str| call("renewCertificate", &["--param", "serial_number=1", "--body", body], vec![]);
    let result = renew(r#" {"Password": "x", "Passwort": {"a": 1}, "nothing": null} "#);
    assert_eq!(sent(&result), ("application/json;charset=utf-8", r#"{"Password":"x"}"#));
    assert_eq!(
        result.errors.lines().next(),
        Some("warning: the body property `Passwort` is not in the spec and is not sent")
    );
    renew(r#"{"Password": 1}"#).assert_usage_error(
        "the body does not match the spec: at Password: invalid type: expected a string (the value is a secret) at \
         line 1 column 15",
    );
    renew("{").assert_usage_error("the body does not match the spec: EOF while parsing an object at line 1 column 1");
    renew("@/nowhere").assert_usage_error("`/nowhere` cannot be read: No such file or directory (os error 2)");
    call("renewCertificate", &["--param", "serial_number=1"], vec![])
        .assert_usage_error("renewCertificate requires a body: set it with --body");
}

#[test]
fn invalid_secret_is_not_quoted() {
    call("enroll", &["--body", r#"{"id": 1, "enrollment_code": "hush"}"#], vec![]).assert_usage_error(
        "the body does not match the spec: at enrollment_code: does not match the spec (the value is a secret)",
    );
}

#[test]
fn body_is_read_from_file_or_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("body.txt");
    std::fs::write(&file, "from a file\n").unwrap();
    let at = format!("@{}", file.display());
    let note = |body: &str, input: &str| run_program(&ONE, &["call", "note", "--body", body], input, vec![]);
    assert_eq!(sent(&note("hello", "")), ("text/plain", "hello"));
    assert_eq!(sent(&note("-1", "")), ("text/plain", "-1"));
    assert_eq!(sent(&note(&at, "")), ("text/plain", "from a file\n"));
    assert_eq!(sent(&note("@-", "piped")), ("text/plain", "piped"));
    let blob = |body: &str, input: &str| run_program(&ONE, &["call", "blob", "--body", body], input, vec![]);
    assert_eq!(sent(&blob(&at, "")), ("application/pdf", "from a file\n"));
    assert_eq!(sent(&blob("@-", "piped")), ("application/pdf", "piped"));
    blob("@/nowhere", "").assert_usage_error(
        "blob (POST /blob): nothing was sent: the file /nowhere cannot be sent: No such file or directory (os error 2)",
    );
    call("note", &["--body", "@-"], vec![])
        .assert_usage_error("standard input can be used by only one of --auth, --body and --part");
}

#[test]
fn form_is_built_from_parts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certs.zip");
    std::fs::write(&file, "PK").unwrap();
    let file = format!("file=@{}", file.display());
    let result = call("importCertificates", &["--part", &file, "--part", "comment=a=b"], vec![]);
    let (content_type, body) = sent(&result);
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"certs.zip\"\r\nContent-Type: \
         application/zip\r\n\r\nPK\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\na=b\r\n\
         --{boundary}--\r\n"
    );
    assert_eq!(body, expected);

    let headers = ["--part-header", "comment=X-Rate: 5", "--part-header", "comment=content-type: text/x"];
    let result =
        call("importCertificates", &[&["--part", &file, "--part", "comment=c"], &headers[..]].concat(), vec![]);
    let body = sent(&result).1;
    let expected = "name=\"comment\"\r\nContent-Type: text/x\r\nx-rate: 5\r\n\r\nc\r\n";
    assert!(body.contains(expected), "{body}");

    let import = |arguments: &[&str]| call("importCertificates", arguments, vec![]);
    import(&["--part", &file, "--part-header", "comment=a: b"])
        .assert_usage_error("--part-header names the part `comment`, but no --part sets it");
    import(&["--part", &file, "--part-header", "fiel=a: b"]).assert_usage_error(
        "importCertificates has no part `fiel`; did you mean `file`? (it has file, comment, passphrase, recipient)",
    );
    import(&["--part", &file, "--part-header", "file=a"])
        .assert_usage_error("a value of --part-header has no colon: expected NAME=HEADER: VALUE");
    import(&["--part", "fiel=@x"]).assert_usage_error(
        "importCertificates has no part `fiel`; did you mean `file`? (it has file, comment, passphrase, recipient)",
    );
    import(&["--part", "file"]).assert_usage_error("a value of --part has no `=`: expected NAME=@FILE or NAME=TEXT");
    import(&["--body", "x"]).assert_usage_error("importCertificates takes a form: set its parts with --part");
    import(&[]).assert_usage_error(
        "importCertificates (POST /import): nothing was sent: the part `file` is required but not set",
    );
    call("note", &["--part", "file=x"], vec![])
        .assert_usage_error("note does not take a form: set its body with --body");
    call("searchCertificates", &["--body", "{}"], vec![]).assert_usage_error("searchCertificates takes no body");
}

#[test]
fn open_form_accepts_parts_of_any_name() {
    static PROGRAM: Program =
        Program { name: "open", version: "1.0.0", about: "An open form.", apis: Apis::One(&api::OPEN) };
    let run = |arguments: &[&str]| {
        let all = [&["call", "attach", "--auth", "ApiKey=-"], arguments].concat();
        run_program(&PROGRAM, &all, "top-secret\n", vec![])
    };
    let parts = ["--part", "note=a=b", "--part", "file=x", "--part", "note=c", "--part", "extra key=d"];
    let result = run(&[&parts[..], &["--part-header", "note=X-Rate: 5"]].concat());
    let body = sent(&result).1;
    let boundary = body.lines().next().unwrap();
    let part = |name: &str, headers: &str, content: &str| {
        format!("{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{headers}\r\n\r\n{content}\r\n")
    };
    let rate = "\r\nx-rate: 5";
    let expected =
        [part("file", "", "x"), part("note", rate, "a=b"), part("note", rate, "c"), part("extra key", "", "d")];
    assert_eq!(body, format!("{}{boundary}--\r\n", expected.concat()));
    let line = run(&["--part", "file=x", "--part", "note=a;b", "--dry-run"]).output;
    assert!(line.contains("--form 'file=\"x\"' --form 'note=\"a;b\"'"), "{line}");
    run(&["--part", "=x"]).assert_usage_error("attach has no part `` (it has file)");
}

#[test]
fn content_type_selects_body() {
    let choose = |arguments: &[&str]| {
        let body = r#"{"id": 1, "status": "issued"}"#;
        call("choose", &[&["--body", body], arguments].concat(), vec![])
    };
    assert_eq!(sent(&choose(&[])), ("application/json", r#"{"id":1,"status":"issued"}"#));
    let form = choose(&["--header", "Content-Type: application/x-www-form-urlencoded"]);
    assert_eq!(sent(&form), ("application/x-www-form-urlencoded", "id=1&status=issued"));
    let multipart = choose(&["--header", "content-type: Multipart/Form-Data"]);
    let (content_type, body) = sent(&multipart);
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    assert!(body.starts_with(&format!("--{boundary}\r\n")) && body.contains("name=\"status\"\r\n\r\nissued\r\n"));
}

#[test]
fn dry_run_of_form_masks_secrets() {
    let body = r#"{"id": 1, "enrollment_code": 4711}"#;
    let form = "Content-Type: application/x-www-form-urlencoded";
    let result = run_program(&ONE, &["call", "choose", "--dry-run", "--body", body, "--header", form], "", vec![]);
    assert!(
        result.output.contains("enrollment_code=***") && !result.output.contains("4711"),
        "{}{}",
        result.output,
        result.errors
    );
}

#[test]
fn dry_run_of_json_masks_secrets() {
    let body = r#"{"id": 1, "enrollment_code": 4711}"#;
    let result = run_program(&ONE, &["call", "enroll", "--dry-run", "--body", body], "", vec![]);
    assert!(result.output.contains(r#"{"id":1,"enrollment_code":"***"}"#), "{}{}", result.output, result.errors);
}

#[test]
fn merge_patch_is_sent_unchanged() {
    let body = r#" {"status": null, "unknown": null, "id": 1} "#;
    let result = call("merge", &["--body", body], vec![]);
    assert_eq!(sent(&result), ("application/merge-patch+json", body));
    assert_eq!((result.code, result.errors.as_str()), (0, ""));
    let result = call("merge", &["--body", r#"{"id": "x"}"#], vec![]);
    assert_eq!((result.code, result.requests.len()), (2, 0));
    assert!(result.errors.contains("the body does not match the spec: at id: "), "{}", result.errors);
}
