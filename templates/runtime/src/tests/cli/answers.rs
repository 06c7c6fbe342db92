//! Answers and exit codes.

use super::{ONE, Surroundings, call, run, run_program, sample};
use crate::tests::transport::{Answer, Recorder};

fn json(status: u16, body: &'static str) -> Vec<Answer> {
    vec![Answer::Http(status, &[("content-type", "application/json")], body)]
}

#[test]
fn an_answer_is_decoded_and_encoded_again() {
    let body = r#"{"total":1,"extra":0,"items":[{"status":"NEW","id":1}]}"#;
    let ran = call("searchCertificates", &[], json(200, body));
    assert_eq!((ran.code, ran.errors.as_str()), (0, ""));
    // In the type's order, without what the spec does not know.
    let expected =
        "{\n  \"items\": [\n    {\n      \"id\": 1,\n      \"status\": \"NEW\"\n    }\n  ],\n  \"total\": 1\n}\n";
    assert_eq!(ran.output, expected);
}

#[test]
fn text_is_a_json_string_and_nothing_is_nothing() {
    let text = call("note", &[], vec![Answer::Http(200, &[], "a \"b\"\n")]);
    assert_eq!((text.code, text.output.as_str()), (0, "\"a \\\"b\\\"\\n\"\n"));
    let renew = ["--param", "serial_number=1", "--body", "{}"];
    let empty = call("renewCertificate", &renew, vec![Answer::Http(204, &[], "")]);
    assert_eq!((empty.code, empty.output.as_str()), (0, ""));
    let ignored = call("nameless", &[], vec![Answer::Http(200, &[], "whatever")]);
    assert_eq!((ignored.code, ignored.output.as_str()), (2, ""), "it has no id");
    let ignored = call("GET /nameless", &[], vec![Answer::Http(200, &[], "whatever")]);
    assert_eq!((ignored.code, ignored.output.as_str()), (0, ""));
}

#[test]
fn bytes_go_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made.pdf");
    let path = file.to_str().unwrap();
    let blob = |status, body| call("blob", &["--body", "x", "-o", path], vec![Answer::Http(status, &[], body)]);
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
        .is_usage(&format!("`{nowhere}` cannot be written: No such file or directory (os error 2)"));
    assert_eq!(call("blob", &["--body", "x"], vec![Answer::Http(200, &[], "%PDF")]).output, "%PDF");
    assert_eq!(call("scan", &[], vec![Answer::Http(200, &[], "%PDF")]).output, "%PDF");
    assert_eq!(call("scan", &[], vec![Answer::Http(204, &[], "")]).output, "");
}

#[test]
fn bytes_do_not_go_to_a_terminal() {
    let recorder = Recorder::default();
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut surroundings = Surroundings {
        input: &mut std::io::empty(),
        output: &mut output,
        errors: &mut errors,
        is_terminal: true,
        environment: &|_| None,
        transport: Some(std::sync::Arc::new(recorder.clone())),
    };
    let arguments = ["sample", "call", "blob", "--body", "x"].map(Into::into);
    assert_eq!(run(&ONE, arguments, &mut surroundings), 2);
    assert_eq!(errors, b"error: blob answers with bytes: give a file for them by -o\n");
    assert_eq!((output.len(), recorder.requests().len()), (0, 0));
}

#[cfg(unix)]
#[test]
fn output_file_is_private_and_keeps_mode_and_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let written = |name: &str| {
        let ran =
            call("blob", &["--body", "x", "-o", at(name).to_str().unwrap()], vec![Answer::Http(200, &[], "%PDF")]);
        assert_eq!(ran.code, 0, "{}", ran.errors);
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
fn the_exit_code_says_what_happened() {
    let search = |answer| call("searchCertificates", &[], vec![answer]);
    let failed = search(Answer::Http(409, &[], r#"{"error":"it is there","more":1}"#));
    assert_eq!((failed.code, failed.output.as_str()), (1, ""));
    let (line, body) = failed.errors.split_once('\n').unwrap();
    assert!(
        line.starts_with("error: searchCertificates (GET /mpki/api/v1/certificate-search): 409 Conflict"),
        "{line}"
    );
    assert_eq!(body, "{\n  \"error\": \"it is there\"\n}\n", "what is documented");
    let raw = search(Answer::Http(404, &[], "[1]"));
    assert_eq!((raw.code, raw.errors.split_once('\n').unwrap().1), (1, "[\n  1\n]\n"));
    let raw = search(Answer::Http(404, &[], "gone"));
    assert_eq!((raw.code, raw.errors.split_once('\n').unwrap().1), (1, "\"gone\"\n"));
    let empty = search(Answer::Http(404, &[], ""));
    assert_eq!((empty.code, empty.errors.lines().count()), (1, 1));

    for answer in [Answer::NotSent, Answer::MaybeSent, Answer::Broken(200, "{")] {
        let ran = search(answer);
        assert_eq!((ran.code, ran.output.as_str(), ran.errors.lines().count()), (3, "", 1), "{}", ran.errors);
    }
    let late = call("searchCertificates", &["--timeout", "0.01"], vec![Answer::Hang]);
    assert_eq!(late.code, 3, "{}", late.errors);
    assert!(late.errors.contains("no answer within 10ms"), "{}", late.errors);

    let undecodable = search(Answer::Http(200, &[], r#"{"items":[{"id":1},{"id":"x"}],"total":1}"#));
    assert_eq!((undecodable.code, undecodable.output.as_str()), (4, ""));
    assert!(undecodable.errors.contains("at items[1].id: invalid type: string"), "{}", undecodable.errors);
}

#[test]
fn retries_are_the_librarys() {
    let answers =
        || vec![Answer::Http(503, &[("retry-after", "0")], ""), Answer::Http(200, &[], r#"{"items":[],"total":0}"#)];
    let auth = ["call", "searchCertificates", "--auth", "ApiKey=-"];
    let ran = run_program(&ONE, &auth, "key", answers());
    assert_eq!((ran.code, ran.requests.len()), (0, 2), "{}", ran.errors);
    let once = call("searchCertificates", &[], answers());
    assert_eq!((once.code, once.requests.len()), (1, 1), "{}", once.errors);
}

/// A pipe whose reader has gone.
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
fn a_reader_that_has_gone_is_no_error() {
    for arguments in [&["list"][..], &["--help"], &["call", "GET /nameless"], &["call", "note"], &["wrong"]] {
        let mut surroundings = Surroundings {
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
        assert_eq!(run(&ONE, arguments, &mut surroundings), expected);
    }
}

#[test]
fn headers_are_sent() {
    let ran = call("GET /nameless", &["--header", "X-A: b: c ", "--header", "accept:x/y"], vec![]);
    let headers = ran.request().headers();
    assert_eq!((headers["x-a"].as_bytes(), headers["accept"].as_bytes()), (&b"b: c"[..], &b"x/y"[..]));
    sample(&["call", "GET /nameless", "--header", "nonsense"], vec![])
        .is_usage("--header takes 'Name: value', and there is one without a colon");
}

#[test]
fn one_of_several_answers_is_printed_without_the_name_of_its_kind() {
    let choose = |status, body| call("choose", &[], vec![Answer::Http(status, &[], body)]).output;
    assert_eq!(choose(200, r#"{"id":7}"#), "{\n  \"id\": 7\n}\n");
    assert_eq!(choose(202, "later"), "\"later\"\n");
    assert_eq!((choose(204, ""), choose(206, "raw")), (String::new(), "raw".to_owned()));
}

#[test]
fn documented_redirect_is_printed() {
    let found = |status, body| Answer::Http(status, &[("location", "/results/1")], body);
    let page = "<a href=/results/1>here</a>";
    for (operation, answer) in [("job", found(303, page)), ("lead", found(303, page)), ("lead", found(303, ""))] {
        let ran = call(operation, &[], vec![answer]);
        assert_eq!((ran.code, ran.errors.as_str(), ran.requests.len()), (0, "", 1));
        assert_eq!(ran.output, "{\n  \"location\": \"/results/1\",\n  \"status\": 303\n}\n");
    }
    // With a body that is documented.
    let ran = call("job", &[], vec![found(302, "moved")]);
    assert_eq!((ran.code, ran.output.as_str()), (0, "\"moved\"\n"));
    assert_eq!(ran.errors, "redirect: {\"location\":\"/results/1\",\"status\":302}\n");
    let ran = call("lead", &[], vec![Answer::Http(304, &[], "")]);
    assert_eq!((ran.code, ran.output.as_str()), (0, "{\n  \"status\": 304\n}\n"));
}

#[test]
fn bytes_to_a_file_have_no_limit_of_size() {
    const LARGE: usize = 17 * 1024 * 1024;
    let large: &'static str = String::leak("x".repeat(LARGE));
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (operation, arguments) in [("blob", &["--body", "x"][..]), ("export", &[])] {
        let path = at(operation);
        let save = |more: &[&str], answer: Answer| {
            call(operation, &[arguments, &["-o", path.to_str().unwrap()], more].concat(), vec![answer])
        };
        let ran = save(&[], Answer::Http(200, &[], large));
        assert_eq!((ran.code, ran.errors.as_str(), ran.output.as_str()), (0, "", ""));
        assert_eq!(std::fs::metadata(&path).unwrap().len(), LARGE as u64);
        // What was there stays where the body breaks off, or is larger than the caller allows.
        let ran = save(&["--max-response-bytes", "3"], Answer::Http(200, &[], "four"));
        assert_eq!(ran.code, 3);
        assert!(ran.errors.contains("larger than the limit of 3 bytes"), "{}", ran.errors);
        assert_eq!(save(&[], Answer::Broken(200, "half")).code, 3);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), LARGE as u64);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        std::fs::remove_file(&path).unwrap();
        // A new file does not stay.
        assert_eq!(save(&[], Answer::Broken(200, "half")).code, 3);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let ran = call(operation, arguments, vec![Answer::Http(200, &[], large)]);
        assert_eq!((ran.code, ran.output.len()), (3, 0), "{}", ran.errors);
    }
}

#[test]
fn file_gets_the_response_body_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.json");
    let body = r#"{"total":1,"extra":0,"items":[{"status":"NEW","id":1}]}"#;
    let ran = call("searchCertificates", &["-o", path.to_str().unwrap()], json(200, body));
    assert_eq!((ran.code, ran.output.as_str()), (0, ""), "{}", ran.errors);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), body);
    let failed = call("searchCertificates", &["-o", path.to_str().unwrap()], json(400, "{}"));
    assert_eq!((failed.code, std::fs::read_to_string(&path).unwrap()), (1, body.to_owned()));
}

#[test]
fn file_stays_where_nothing_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.csv");
    let save = |answer| call("export", &["-o", path.to_str().unwrap()], vec![answer]);
    let unchanged = || Answer::Http(304, &[], "");
    let ran = save(unchanged());
    assert_eq!((ran.code, ran.output.as_str(), path.exists()), (0, "{\n  \"status\": 304\n}\n", false));
    std::fs::write(&path, "before").unwrap();
    assert_eq!(save(unchanged()).code, 0);
    assert_eq!(std::fs::read(&path).unwrap(), b"before");
}

#[cfg(unix)]
#[test]
fn bytes_go_to_a_device_at_once() {
    let ran = call("export", &["-o", "/dev/null"], vec![Answer::Http(200, &[], "a,b")]);
    assert_eq!((ran.code, ran.errors.as_str()), (0, ""));
}

#[test]
fn time_limit_of_the_program_includes_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.csv");
    let arguments = ["-o", path.to_str().unwrap(), "--timeout", "0.01"];
    let ran = call("export", &arguments, vec![Answer::HangInBody(200)]);
    assert_eq!((ran.code, path.exists()), (3, false));
    assert!(ran.errors.contains("no complete answer within 10ms, the limit of the whole call"), "{}", ran.errors);
}
