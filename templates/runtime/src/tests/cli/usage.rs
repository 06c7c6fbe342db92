//! Tests of the commands, options and help of the command-line program.

use super::{ONE, SEVERAL, run_program, sample};

#[test]
fn operation_is_found_by_id_or_method_and_path() {
    for name in ["GET /nameless", "get  /nameless "] {
        assert_eq!(sample(&["call", name], vec![]).code, 0, "{name}");
    }
    for name in ["note", "POST /note"] {
        assert_eq!(sample(&["call", name], vec![]).request().uri().path(), "/note");
    }
    sample(&["call", "POST /nameless"], vec![]).assert_usage_error(
        "sample has no operation `POST /nameless`; did you mean `GET /nameless`? (run `list` to see all operations)",
    );
    sample(&["call", "serchCertificate"], vec![]).assert_usage_error(
        "sample has no operation `serchCertificate`; did you mean `searchCertificates`? (run `list` to see all \
         operations)",
    );
    sample(&["call", "utterly-different-from-all"], vec![])
        .assert_usage_error("sample has no operation `utterly-different-from-all` (run `list` to see all operations)");
}

#[test]
fn list_shows_operations() {
    let expected = "\
searchCertificates  GET   /mpki/api/v1/certificate-search                 Searches certificates
renewCertificate    POST  /mpki/api/v1/certificate/{serial_number}/renew  Renews a certificate
replaceCertificate  PUT   /enroll/{enrollmentCode}
importCertificates  POST  /import                                         Imports certificates
health              HEAD  /health                                         Returns the health of the server
report              GET   /weekly                                         Returns a report
shapes              GET   /shapes/{id}                                    Accepts parameters of many types
note                POST  /note                                           Accepts and returns text
blob                POST  /blob                                           Accepts and returns bytes
scan                POST  /scan                                           Returns optional bytes
enroll              POST  /enroll                                         Accepts a secret
choose              POST  /choose                                         Accepts and returns one of several variants
-                   GET   /nameless                                       Has no id
job                 POST  /job                                            Returns the state of a job
lead                POST  /lead                                           Redirects to another URL
export              GET   /export                                         Returns bytes unless not modified
merge               POST  /merge                                          Accepts a merge patch
";
    assert_eq!(sample(&["list"], vec![]).output, expected);
    assert_eq!(run_program(&SEVERAL, &["sample", "list"], "", vec![]).output, expected);
    assert_eq!(run_program(&SEVERAL, &["list"], "", vec![]).output, expected, "the only API of this program");
}

#[test]
fn several_apis_need_api_name() {
    let result = run_program(&SEVERAL, &["sample", "call", "GET /nameless"], "", vec![]);
    assert_eq!((result.code, result.requests.len()), (0, 1), "{}", result.errors);
    for wrong in [&["call", "GET /nameless"][..], &["smaple", "list"], &["sample"], &[]] {
        let result = run_program(&SEVERAL, wrong, "", vec![]);
        assert_eq!((result.code, result.output.as_str()), (2, ""), "{wrong:?}");
        assert!(result.errors.contains("Usage: samples"), "{}", result.errors);
    }
}

#[test]
fn help_and_version_succeed() {
    let version = sample(&["--version"], vec![]);
    assert_eq!((version.code, version.output.as_str()), (0, "sample 1.0.0\n"));
    let help = sample(&["call", "--help"], vec![]);
    assert_eq!((help.code, help.errors.as_str()), (0, ""));
    assert!(help.output.contains("Exit codes: 0 success, 1 API error"), "{}", help.output);
    assert!(help.output.ends_with("decoded.\n"), "{}", help.output);
}

#[test]
fn invalid_option_is_usage_error() {
    for wrong in [&["call"][..], &["call", "note", "--nonsense"], &["call", "note", "--timeout"], &["lisst"]] {
        let result = run_program(&ONE, wrong, "", vec![]);
        assert_eq!((result.code, result.output.as_str(), result.requests.len()), (2, "", 0), "{wrong:?}");
    }
    for seconds in ["soon", "-1", "inf", "NaN", "1e40"] {
        sample(&["call", "note", "--timeout", seconds], vec![])
            .assert_usage_error(&format!("--timeout: `{seconds}` is not a valid number of seconds"));
    }
}

#[test]
fn server_option_selects_server() {
    let host = |arguments: &[&str]| {
        let result = sample(&[&["call", "note"], arguments].concat(), vec![]);
        assert_eq!(result.code, 0, "{}", result.errors);
        result.request().uri().to_string()
    };
    assert_eq!(host(&[]), "https://one.example.com/note");
    assert_eq!(host(&["--server", "http://localhost:1/base/"]), "http://localhost:1/base/note");
    assert_eq!(host(&["--server", "0"]), "https://one.example.com/note");
    assert_eq!(host(&["--server-variable", "host=two.example.com"]), "https://two.example.com/note");
    sample(&["call", "note", "--server", "nonsense"], vec![]).assert_usage_error(
        "the server name `nonsense` is unknown or not unique: choose one of 0 `Production` (`https://{host}`), 1 \
         `Tenant` (`https://{tenant}.example.com/{stage}/`), 2 (`/api/v1`)",
    );
    sample(&["call", "note", "--server-variable", "hots=x"], vec![])
        .assert_usage_error("the server `https://{host}` has no variable `hots`: it has `host`, `region`");
    sample(&["call", "note", "--server-variable", "host"], vec![])
        .assert_usage_error("a value of --server-variable has no `=`: expected NAME=VALUE");
}
