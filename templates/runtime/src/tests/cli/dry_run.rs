//! Tests of `--dry-run`, which prints a `curl` command instead of sending the request.

use super::{ONE, run_program};

/// Returns the command line that a dry run prints.
#[track_caller]
fn shown(operation: &str, arguments: &[&str]) -> String {
    let result =
        run_program(&ONE, &[&["call", operation, "--dry-run"], arguments].concat(), "from standard input", vec![]);
    assert_eq!((result.code, result.errors.as_str(), result.requests.len()), (0, "", 0));
    result.output
}

const AGENT: &str = concat!("--header 'user-agent: ", env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"), "'");

#[test]
fn dry_run_prints_curl_command() {
    let key = ["--auth", "ApiKey=env:KEY", "--param", "common_name=it's a & b", "--param", "status=ISSUED"];
    assert_eq!(
        shown("searchCertificates", &key),
        format!(
            "curl {AGENT} --header 'accept: application/json, text/plain' --header 'x-requested-with: APIClient' \
             --header 'x-api-key: '\"$KEY\" \
             'https://one.example.com/mpki/api/v1/certificate-search?status=ISSUED&common_name=it%27s%20a%20%26%20b'\n"
        )
    );
    assert_eq!(
        shown("note", &["--body", "it's\n@x", "--server", "http://[::1]:8080"]),
        format!(
            "curl --request POST --globoff {AGENT} --header 'content-type: text/plain' --header 'content-length: 7' \
             --data-raw 'it'\\''s\n@x' 'http://[::1]:8080/note'\n"
        )
        .replace(" --header 'content-length: 7'", "")
    );
    assert_eq!(
        shown("health", &["--auth", "Bearer=file:/etc/a b", "--header", "X-Empty:"]),
        format!(
            "curl --head {AGENT} --header 'accept: */*' --header 'authorization: Bearer '\"$(cat '/etc/a b')\" \
             --header 'x-empty;' https://one.example.com/health\n"
        )
    );
}

#[test]
fn forms_and_files_are_read_by_curl() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a;b.zip");
    std::fs::write(&file, "PK").unwrap();
    let path = file.display();
    let part = format!("file=@{path}");
    assert_eq!(
        shown("importCertificates", &["--part", &part, "--part", "comment=<\"x\";@"]),
        format!(
            "curl --request POST {AGENT} --header 'accept: text/plain' --form 'file=@\"{path}\";type=application/zip' \
             --form 'comment=\"<\\\"x\\\";@\"' https://one.example.com/import\n"
        )
    );
    let headers = ["--part-header", "file=X-Rate: 5", "--part-header", "file=content-type: image/png"];
    let line = shown("importCertificates", &[&["--part", &part], &headers[..]].concat());
    assert!(line.contains(&format!(" --form 'file=@\"{path}\";type=image/png;headers=\"X-Rate: 5\"' ")), "{line}");
    let at = format!("@{path}");
    assert!(shown("blob", &["--body", &at]).contains(&format!(" --data-binary '{at}' ")));
    assert!(shown("blob", &["--body", "@-"]).contains(" --data-raw 'from standard input' "));
}

#[test]
fn dry_run_hides_secrets() {
    let line = shown("searchCertificates", &["--auth", "Basic=env:LOGIN", "--auth", "QueryKey=-"]);
    assert!(line.contains(" --user \"$LOGIN\" "), "{line}");
    assert!(line.contains("/certificate-search?key=***'\n") && !line.contains("standard"), "{line}");

    let arguments = ["--param", "enrollmentCode=ABCDEF", "--param", "sid=7", "--auth", "CookieKey=env:NOT-A-NAME"];
    let line = shown("replaceCertificate", &arguments);
    assert!(line.contains("--header 'cookie: sid=7; session=***'"), "{line}");
    assert!(line.ends_with(" 'https://one.example.com/enroll/***'\n"), "{line}");

    let arguments = ["--param", "serial_number=1", "--body", r#"{"Password":"hunter2"}"#, "--auth", "ApiKey=-"];
    assert!(shown("renewCertificate", &arguments).contains("--header 'x-api-key: ***'"));

    let line = shown("note", &["--header", "Authorization: Bearer hunter2", "--header", "x-api-key: hunter2"]);
    assert!(!line.contains("hunter2") && line.matches(": ***'").count() == 2, "{line}");
    let line = shown("shapes", &["--param", "path:id=1", "--param", "X-Secret=4711"]);
    assert!(!line.contains("4711"), "{line}");
}

#[test]
fn dry_run_hides_secrets_in_parts() {
    let recipient = r#"recipient={"name":"ann","keys":[{"pkcs12Password":"hunter2"}]}"#;
    let parts = ["--part", "file=zip", "--part", "passphrase=hunter2", "--part", recipient];
    let line = shown("importCertificates", &parts);
    assert!(!line.contains("hunter2") && line.contains("--form 'passphrase=***'"), "{line}");
    assert!(line.contains("ann") && line.contains("pkcs12Password") && line.matches("***").count() == 2, "{line}");
}

#[test]
fn dry_run_shows_files_of_client_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let (chain, key_file) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(["client".to_owned()]).unwrap().self_signed(&key).unwrap();
    std::fs::write(&chain, certificate.pem()).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    let (auth, key_path) = (format!("ApiKey=cert:{}", chain.display()), key_file.display().to_string());
    let line = shown("searchCertificates", &["--auth", &auth, "--client-key", &key_path]);
    assert!(line.contains(&format!(" --cert {} --key {key_path} ", chain.display())), "{line}");
    assert!(line.contains(" https://clientauth.one.example.com/") && !line.contains("x-api-key"), "{line}");
}

#[test]
fn dry_run_of_invalid_request_is_error() {
    run_program(&ONE, &["call", "replaceCertificate", "--dry-run"], "", vec![]).assert_usage_error(
        "replaceCertificate (PUT /enroll/{enrollmentCode}): nothing was sent: the path parameter `enrollmentCode` is \
         required but not set",
    );
}

#[cfg(unix)]
#[test]
fn printed_command_is_quoted_for_shell() {
    let arguments = ["--body", "a 'b' \"c\" $HOME `id` \\ \n*", "--header", "X-A: $(id)", "--auth", "ApiKey=env:KEY"];
    let line = shown("note", &arguments);
    let script = line.replacen("curl", "printf '%s|'", 1);
    let shell = std::process::Command::new("sh").arg("-c").arg(script).env("KEY", "k e y").output().unwrap();
    let output = String::from_utf8(shell.stdout).unwrap();
    assert!(output.contains("|--data-raw|a 'b' \"c\" $HOME `id` \\ \n*|"), "{output}");
    assert!(output.contains("|--header|x-a: $(id)|"), "{output}");
}
