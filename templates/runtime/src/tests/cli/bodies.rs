//! Bodies: JSON and text through their types, forms, bytes; from arguments, files and standard input.

use super::{ONE, Ran, api, call, run_program};
use crate::runtime::cli::{Apis, Program};

fn sent(ran: &Ran) -> (&str, &str) {
    let request = ran.request();
    let content_type = request.headers().get("content-type").map_or("", |value| value.to_str().unwrap());
    (content_type, std::str::from_utf8(request.body()).unwrap())
}

#[test]
fn json_passes_through_its_type() {
    let renew = |body: &str| call("renewCertificate", &["--param", "serial_number=1", "--body", body], vec![]);
    let ran = renew(r#" {"Password": "x", "Passwort": {"a": 1}, "nothing": null} "#);
    assert_eq!(sent(&ran), ("application/json;charset=utf-8", r#"{"Password":"x"}"#));
    assert_eq!(ran.errors.lines().next(), Some("warning: the body's `Passwort` is not in the spec and is not sent"));
    renew(r#"{"Password": 1}"#).is_usage(
        "the body is not what the spec asks for: at Password: invalid type: expected a string (the value is a secret) at line 1 column 15",
    );
    renew("{").is_usage("the body is not what the spec asks for: EOF while parsing an object at line 1 column 1");
    renew("@/nowhere").is_usage("`/nowhere` cannot be read: No such file or directory (os error 2)");
    call("renewCertificate", &["--param", "serial_number=1"], vec![])
        .is_usage("renewCertificate needs a body: give it by --body");
}

#[test]
fn a_secret_that_does_not_fit_is_not_quoted() {
    call("enroll", &["--body", r#"{"id": 1, "enrollment_code": "hush"}"#], vec![]).is_usage(
        "the body is not what the spec asks for: at enrollment_code: not what the spec promises (the value is a secret)",
    );
}

#[test]
fn files_and_standard_input_are_read() {
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
    blob("@/nowhere", "").is_usage(
        "blob (POST /blob): nothing was sent: the file /nowhere cannot be sent: No such file or directory (os error 2)",
    );
    call("note", &["--body", "@-"], vec![])
        .is_usage("standard input can be only one of the things that are to be read from it");
}

#[test]
fn forms_are_made_of_parts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certs.zip");
    std::fs::write(&file, "PK").unwrap();
    let file = format!("file=@{}", file.display());
    let ran = call("importCertificates", &["--part", &file, "--part", "comment=a=b"], vec![]);
    let (content_type, body) = sent(&ran);
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"certs.zip\"\r\nContent-Type: \
         application/zip\r\n\r\nPK\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\na=b\r\n\
         --{boundary}--\r\n"
    );
    assert_eq!(body, expected);

    let headers = ["--part-header", "comment=X-Rate: 5", "--part-header", "comment=content-type: text/x"];
    let ran = call("importCertificates", &[&["--part", &file, "--part", "comment=c"], &headers[..]].concat(), vec![]);
    let body = sent(&ran).1;
    let expected = "name=\"comment\"\r\nContent-Type: text/x\r\nx-rate: 5\r\n\r\nc\r\n";
    assert!(body.contains(expected), "{body}");

    let import = |arguments: &[&str]| call("importCertificates", arguments, vec![]);
    import(&["--part", &file, "--part-header", "comment=a: b"])
        .is_usage("a header for the part `comment`, which is not given");
    import(&["--part", &file, "--part-header", "fiel=a: b"]).is_usage(
        "importCertificates has no part `fiel`; did you mean `file`? (it has file, comment, passphrase, recipient)",
    );
    import(&["--part", &file, "--part-header", "file=a"])
        .is_usage("--part-header takes NAME=HEADER: VALUE, and there is one without `:`");
    import(&["--part", "fiel=@x"]).is_usage(
        "importCertificates has no part `fiel`; did you mean `file`? (it has file, comment, passphrase, recipient)",
    );
    import(&["--part", "file"]).is_usage("--part takes NAME=@FILE or NAME=TEXT, and there is one without `=`");
    import(&["--body", "x"]).is_usage("importCertificates takes a form: give its parts by --part");
    import(&[])
        .is_usage("importCertificates (POST /import): nothing was sent: the part `file` is required and not set");
    call("note", &["--part", "file=x"], vec![]).is_usage("note takes no form: give its body by --body");
    call("searchCertificates", &["--body", "{}"], vec![]).is_usage("searchCertificates takes no body");
}

#[test]
fn open_form_takes_parts_of_any_name() {
    static PROGRAM: Program =
        Program { name: "open", version: "1.0.0", about: "An open form.", apis: Apis::One(&api::OPEN) };
    let run = |arguments: &[&str]| {
        let all = [&["call", "attach", "--auth", "ApiKey=-"], arguments].concat();
        run_program(&PROGRAM, &all, "top-secret\n", vec![])
    };
    let parts = ["--part", "note=a=b", "--part", "file=x", "--part", "note=c", "--part", "extra key=d"];
    let ran = run(&[&parts[..], &["--part-header", "note=X-Rate: 5"]].concat());
    let body = sent(&ran).1;
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
    run(&["--part", "=x"]).is_usage("attach has no part `` (it has file)");
}

#[test]
fn a_content_type_says_which_of_several_bodies_is_meant() {
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
fn a_form_that_is_shown_hides_its_secrets() {
    let body = r#"{"id": 1, "enrollment_code": 4711}"#;
    let form = "Content-Type: application/x-www-form-urlencoded";
    let ran = run_program(&ONE, &["call", "choose", "--dry-run", "--body", body, "--header", form], "", vec![]);
    assert!(ran.output.contains("enrollment_code=***") && !ran.output.contains("4711"), "{}{}", ran.output, ran.errors);
}

#[test]
fn dry_run_of_json_masks_secrets_at_their_paths() {
    let body = r#"{"id": 1, "enrollment_code": 4711}"#;
    let ran = run_program(&ONE, &["call", "enroll", "--dry-run", "--body", body], "", vec![]);
    assert!(ran.output.contains(r#"{"id":1,"enrollment_code":"***"}"#), "{}{}", ran.output, ran.errors);
}

#[test]
fn merge_patch_is_sent_as_it_is() {
    let body = r#" {"status": null, "unknown": null, "id": 1} "#;
    let ran = call("merge", &["--body", body], vec![]);
    assert_eq!(sent(&ran), ("application/merge-patch+json", body));
    assert_eq!((ran.code, ran.errors.as_str()), (0, ""));
    let ran = call("merge", &["--body", r#"{"id": "x"}"#], vec![]);
    assert_eq!((ran.code, ran.requests.len()), (2, 0));
    assert!(ran.errors.contains("the body is not what the spec asks for: at id: "), "{}", ran.errors);
}
