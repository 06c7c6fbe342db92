//! Tests of the output for responses, and of exit codes.

use super::{Context, ONE, call, run, run_program, sample};
use crate::tests::transport::{Recorder, Reply};

fn json(status: u16, body: &'static str) -> Vec<Reply> {
    vec![Reply::Http(status, &[("content-type", "application/json")], body)]
}

#[test]
fn response_is_printed_through_its_type() {
    let body = r#"{"total":1,"extra":0,"items":[{"status":"NEW","id":1}]}"#;
    let result = call("searchCertificates", &[], json(200, body));
    assert_eq!((result.code, result.errors.as_str()), (0, ""));
    // Properties are printed in the order in which the type defines them, and unknown properties are omitted.
    let expected =
        "{\n  \"items\": [\n    {\n      \"id\": 1,\n      \"status\": \"NEW\"\n    }\n  ],\n  \"total\": 1\n}\n";
    assert_eq!(result.output, expected);
}

#[test]
fn text_is_printed_as_json_and_empty_body_as_nothing() {
    let text = call("note", &[], vec![Reply::Http(200, &[], "a \"b\"\n")]);
    assert_eq!((text.code, text.output.as_str()), (0, "\"a \\\"b\\\"\\n\"\n"));
    let renew = ["--param", "serial_number=1", "--body", "{}"];
    let empty = call("renewCertificate", &renew, vec![Reply::Http(204, &[], "")]);
    assert_eq!((empty.code, empty.output.as_str()), (0, ""));
    let ignored = call("nameless", &[], vec![Reply::Http(200, &[], "whatever")]);
    assert_eq!((ignored.code, ignored.output.as_str()), (2, ""), "the operation has no operationId");
    let ignored = call("GET /nameless", &[], vec![Reply::Http(200, &[], "whatever")]);
    assert_eq!((ignored.code, ignored.output.as_str()), (0, ""));
}

#[test]
fn bytes_are_written_to_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made.pdf");
    let path = file.to_str().unwrap();
    let blob = |status, body| call("blob", &["--body", "x", "-o", path], vec![Reply::Http(status, &[], body)]);
    let failed = blob(500, "no");
    assert_eq!((failed.code, file.exists()), (1, false));
    let written = blob(200, "%PDF and more");
    assert_eq!((written.code, written.output.as_str()), (0, ""));
    assert_eq!(std::fs::read(&file).unwrap(), b"%PDF and more");
    assert_eq!((blob(500, "no").code, std::fs::read(&file).unwrap()), (1, b"%PDF and more".to_vec()));
    assert_eq!((blob(200, "%PDF").code, std::fs::read(&file).unwrap()), (0, b"%PDF".to_vec()));

    let nowhere = folder.path().join("no/file");
    let nowhere = nowhere.to_str().unwrap();
    call("blob", &["--body", "x", "-o", nowhere], vec![])
        .assert_usage_error(&format!("`{nowhere}` cannot be written: No such file or directory (os error 2)"));
    assert_eq!(call("blob", &["--body", "x"], vec![Reply::Http(200, &[], "%PDF")]).output, "%PDF");
    assert_eq!(call("scan", &[], vec![Reply::Http(200, &[], "%PDF")]).output, "%PDF");
    assert_eq!(call("scan", &[], vec![Reply::Http(204, &[], "")]).output, "");
}

#[test]
fn bytes_are_not_written_to_terminal() {
    let recorder = Recorder::default();
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut context = Context {
        input: &mut std::io::empty(),
        output: &mut output,
        errors: &mut errors,
        is_terminal: true,
        environment: &|_| None,
        transport: Some(std::sync::Arc::new(recorder.clone())),
    };
    let arguments = ["sample", "call", "blob", "--body", "x"].map(Into::into);
    assert_eq!(run(&ONE, arguments, &mut context), 2);
    assert_eq!(errors, b"error: blob returns binary data: write it to a file with -o FILE\n");
    assert_eq!((output.len(), recorder.requests().len()), (0, 0));
}

#[cfg(unix)]
#[test]
fn output_file_is_private_and_keeps_mode_and_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let written = |name: &str| {
        let result =
            call("blob", &["--body", "x", "-o", at(name).to_str().unwrap()], vec![Reply::Http(200, &[], "%PDF")]);
        assert_eq!(result.code, 0, "{}", result.errors);
        assert_eq!(std::fs::read_to_string(at(name)).unwrap(), "%PDF");
        std::fs::metadata(at(name)).unwrap().permissions().mode() & 0o7777
    };
    assert_eq!(written("new"), 0o600);
    for mode in [0o600, 0o640, 0o644] {
        std::fs::write(at("old"), "before").unwrap();
        std::fs::set_permissions(at("old"), std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(written("old"), mode);
    }
    symlink(at("old"), at("link")).unwrap();
    assert_eq!(written("link"), 0o644);
    assert!(at("link").is_symlink());
}

#[test]
fn exit_code_reports_kind_of_failure() {
    let search = |reply| call("searchCertificates", &[], vec![reply]);
    let failed = search(Reply::Http(409, &[], r#"{"error":"it is there","more":1}"#));
    assert_eq!((failed.code, failed.output.as_str()), (1, ""));
    let (line, body) = failed.errors.split_once('\n').unwrap();
    assert!(
        line.starts_with("error: searchCertificates (GET /mpki/api/v1/certificate-search): 409 Conflict"),
        "{line}"
    );
    assert_eq!(body, "{\n  \"error\": \"it is there\"\n}\n", "only documented properties are printed");
    let raw = search(Reply::Http(404, &[], "[1]"));
    assert_eq!((raw.code, raw.errors.split_once('\n').unwrap().1), (1, "[\n  1\n]\n"));
    let raw = search(Reply::Http(404, &[], "gone"));
    assert_eq!((raw.code, raw.errors.split_once('\n').unwrap().1), (1, "\"gone\"\n"));
    let empty = search(Reply::Http(404, &[], ""));
    assert_eq!((empty.code, empty.errors.lines().count()), (1, 1));

    for reply in [Reply::NotSent, Reply::MaybeSent, Reply::Broken(200, "{")] {
        let result = search(reply);
        assert_eq!(
            (result.code, result.output.as_str(), result.errors.lines().count()),
            (3, "", 1),
            "{}",
            result.errors
        );
    }
    let late = call("searchCertificates", &["--timeout", "0.01"], vec![Reply::Hang]);
    assert_eq!(late.code, 3, "{}", late.errors);
    assert!(late.errors.contains("no response within 10ms"), "{}", late.errors);

    let undecodable = search(Reply::Http(200, &[], r#"{"items":[{"id":1},{"id":"x"}],"total":1}"#));
    assert_eq!((undecodable.code, undecodable.output.as_str()), (4, ""));
    assert!(undecodable.errors.contains("at items[1].id: invalid type: string"), "{}", undecodable.errors);
}

#[test]
fn retries_follow_library_policy() {
    let replies =
        || vec![Reply::Http(503, &[("retry-after", "0")], ""), Reply::Http(200, &[], r#"{"items":[],"total":0}"#)];
    let auth = ["call", "searchCertificates", "--auth", "ApiKey=-"];
    let result = run_program(&ONE, &auth, "key", replies());
    assert_eq!((result.code, result.requests.len()), (0, 2), "{}", result.errors);
    let once = call("searchCertificates", &[], replies());
    assert_eq!((once.code, once.requests.len()), (1, 1), "{}", once.errors);
}

/// A pipe whose reader has closed.
struct Closed;

impl std::io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn closed_output_is_not_an_error() {
    for arguments in [&["list"][..], &["--help"], &["call", "GET /nameless"], &["call", "note"], &["wrong"]] {
        let mut context = Context {
            input: &mut std::io::empty(),
            output: &mut Closed,
            errors: &mut Closed,
            is_terminal: false,
            environment: &|_| None,
            transport: Some(std::sync::Arc::new(Recorder::default())),
        };
        let arguments: Vec<std::ffi::OsString> =
            ["sample"].iter().chain(arguments).map(|argument| argument.into()).collect();
        let expected = if arguments[1] == "wrong" { 2 } else { 0 };
        assert_eq!(run(&ONE, arguments, &mut context), expected);
    }
}

#[test]
fn header_option_is_sent() {
    let result = call("GET /nameless", &["--header", "X-A: b: c ", "--header", "accept:x/y"], vec![]);
    let headers = result.request().headers();
    assert_eq!((headers["x-a"].as_bytes(), headers["accept"].as_bytes()), (&b"b: c"[..], &b"x/y"[..]));
    sample(&["call", "GET /nameless", "--header", "nonsense"], vec![])
        .assert_usage_error("a value of --header has no colon: expected 'Name: value'");
}

#[test]
fn response_variant_is_printed_without_its_name() {
    let choose = |status, body| call("choose", &[], vec![Reply::Http(status, &[], body)]).output;
    assert_eq!(choose(200, r#"{"id":7}"#), "{\n  \"id\": 7\n}\n");
    assert_eq!(choose(202, "later"), "\"later\"\n");
    assert_eq!((choose(204, ""), choose(206, "raw")), (String::new(), "raw".to_owned()));
}

#[test]
fn documented_redirect_is_printed() {
    let redirect = |status, body| Reply::Http(status, &[("location", "/results/1")], body);
    let page = "<a href=/results/1>here</a>";
    for (operation, reply) in [("job", redirect(303, page)), ("lead", redirect(303, page)), ("lead", redirect(303, ""))]
    {
        let result = call(operation, &[], vec![reply]);
        assert_eq!((result.code, result.errors.as_str(), result.requests.len()), (0, "", 1));
        assert_eq!(result.output, "{\n  \"location\": \"/results/1\",\n  \"status\": 303\n}\n");
    }
    // If the redirect has a documented body, the body is the output, and the location is printed to standard error.
    let result = call("job", &[], vec![redirect(302, "moved")]);
    assert_eq!((result.code, result.output.as_str()), (0, "\"moved\"\n"));
    assert_eq!(result.errors, "redirect: {\"location\":\"/results/1\",\"status\":302}\n");
    let result = call("lead", &[], vec![Reply::Http(304, &[], "")]);
    assert_eq!((result.code, result.output.as_str()), (0, "{\n  \"status\": 304\n}\n"));
}

#[test]
fn saved_bytes_have_no_size_limit() {
    const LARGE: usize = 17 * 1024 * 1024;
    let large: &'static str = String::leak("x".repeat(LARGE));
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (operation, arguments) in [("blob", &["--body", "x"][..]), ("export", &[])] {
        let path = at(operation);
        let save = |more: &[&str], reply: Reply| {
            call(operation, &[arguments, &["-o", path.to_str().unwrap()], more].concat(), vec![reply])
        };
        let result = save(&[], Reply::Http(200, &[], large));
        assert_eq!((result.code, result.errors.as_str(), result.output.as_str()), (0, "", ""));
        assert_eq!(std::fs::metadata(&path).unwrap().len(), LARGE as u64);
        // An existing file is unchanged if the body is truncated or exceeds the limit.
        let result = save(&["--max-response-bytes", "3"], Reply::Http(200, &[], "four"));
        assert_eq!(result.code, 3);
        assert!(result.errors.contains("larger than the limit of 3 bytes"), "{}", result.errors);
        assert_eq!(save(&[], Reply::Broken(200, "half")).code, 3);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), LARGE as u64);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        std::fs::remove_file(&path).unwrap();
        // If the file did not exist before, no file remains.
        assert_eq!(save(&[], Reply::Broken(200, "half")).code, 3);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let result = call(operation, arguments, vec![Reply::Http(200, &[], large)]);
        assert_eq!((result.code, result.output.len()), (3, 0), "{}", result.errors);
    }
}

#[test]
fn saved_response_body_is_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.json");
    let body = r#"{"total":1,"extra":0,"items":[{"status":"NEW","id":1}]}"#;
    let result = call("searchCertificates", &["-o", path.to_str().unwrap()], json(200, body));
    assert_eq!((result.code, result.output.as_str()), (0, ""), "{}", result.errors);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), body);
    let failed = call("searchCertificates", &["-o", path.to_str().unwrap()], json(400, "{}"));
    assert_eq!((failed.code, std::fs::read_to_string(&path).unwrap()), (1, body.to_owned()));
}

#[test]
fn file_is_kept_if_not_modified() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.csv");
    let save = |reply| call("export", &["-o", path.to_str().unwrap()], vec![reply]);
    let unchanged = || Reply::Http(304, &[], "");
    let result = save(unchanged());
    assert_eq!((result.code, result.output.as_str(), path.exists()), (0, "{\n  \"status\": 304\n}\n", false));
    std::fs::write(&path, "before").unwrap();
    assert_eq!(save(unchanged()).code, 0);
    assert_eq!(std::fs::read(&path).unwrap(), b"before");
}

#[cfg(unix)]
#[test]
fn bytes_are_written_to_device() {
    let result = call("export", &["-o", "/dev/null"], vec![Reply::Http(200, &[], "a,b")]);
    assert_eq!((result.code, result.errors.as_str()), (0, ""));
}

#[test]
fn timeout_includes_writing_of_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.csv");
    let arguments = ["-o", path.to_str().unwrap(), "--timeout", "0.01"];
    let result = call("export", &arguments, vec![Reply::HangInBody(200)]);
    assert_eq!((result.code, path.exists()), (3, false));
    assert!(
        result.errors.contains("no complete response within 10ms, the timeout of the whole call"),
        "{}",
        result.errors
    );
}
