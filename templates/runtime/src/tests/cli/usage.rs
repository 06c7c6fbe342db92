//! Commands and what the program says of itself.

use super::{ONE, SEVERAL, run_program, sample};

#[test]
fn operations_are_found_by_id_and_by_method_and_path() {
    for name in ["GET /nameless", "get  /nameless "] {
        assert_eq!(sample(&["call", name], vec![]).code, 0, "{name}");
    }
    for name in ["note", "POST /note"] {
        assert_eq!(sample(&["call", name], vec![]).request().uri().path(), "/note");
    }
    sample(&["call", "POST /nameless"], vec![])
        .is_usage("sample has no operation `POST /nameless`; did you mean `GET /nameless`? (`list` shows them all)");
    sample(&["call", "serchCertificate"], vec![]).is_usage(
        "sample has no operation `serchCertificate`; did you mean `searchCertificates`? (`list` shows them all)",
    );
    sample(&["call", "utterly-different-from-all"], vec![])
        .is_usage("sample has no operation `utterly-different-from-all` (`list` shows them all)");
}

#[test]
fn list_shows_the_operations() {
    let expected = "\
searchCertificates  GET   /mpki/api/v1/certificate-search                 Searches
renewCertificate    POST  /mpki/api/v1/certificate/{serial_number}/renew  Renews
replaceCertificate  PUT   /enroll/{enrollmentCode}
importCertificates  POST  /import                                         Imports
health              HEAD  /health                                         Says how the server is
report              GET   /weekly                                         Reports
shapes              GET   /shapes/{id}                                    Takes parameters of many shapes
note                POST  /note                                           Takes and gives text
blob                POST  /blob                                           Takes and gives bytes
scan                POST  /scan                                           May give bytes
enroll              POST  /enroll                                         Takes a secret
choose              POST  /choose                                         Takes and gives one of several
-                   GET   /nameless                                       Has no id
job                 POST  /job                                            Says how a job is
lead                POST  /lead                                           Leads elsewhere
export              GET   /export                                         Gives bytes, unless nothing has changed
merge               POST  /merge                                          Takes a merge patch
";
    assert_eq!(sample(&["list"], vec![]).output, expected);
    assert_eq!(run_program(&SEVERAL, &["sample", "list"], "", vec![]).output, expected);
    assert_eq!(run_program(&SEVERAL, &["list"], "", vec![]).output, expected, "the one API of this program");
}

#[test]
fn an_api_comes_first_where_there_are_several() {
    let ran = run_program(&SEVERAL, &["sample", "call", "GET /nameless"], "", vec![]);
    assert_eq!((ran.code, ran.requests.len()), (0, 1), "{}", ran.errors);
    for wrong in [&["call", "GET /nameless"][..], &["smaple", "list"], &["sample"], &[]] {
        let ran = run_program(&SEVERAL, wrong, "", vec![]);
        assert_eq!((ran.code, ran.output.as_str()), (2, ""), "{wrong:?}");
        assert!(ran.errors.contains("Usage: samples"), "{}", ran.errors);
    }
}

#[test]
fn help_and_version_are_successes() {
    let version = sample(&["--version"], vec![]);
    assert_eq!((version.code, version.output.as_str()), (0, "sample 1.0.0\n"));
    let help = sample(&["call", "--help"], vec![]);
    assert_eq!((help.code, help.errors.as_str()), (0, ""));
    assert!(help.output.contains("Exit codes: 0 success, 1 the API's error"), "{}", help.output);
    assert!(help.output.ends_with("decode.\n"), "{}", help.output);
}

#[test]
fn wrong_options_are_mistakes_of_usage() {
    for wrong in [&["call"][..], &["call", "note", "--nonsense"], &["call", "note", "--timeout"], &["lisst"]] {
        let ran = run_program(&ONE, wrong, "", vec![]);
        assert_eq!((ran.code, ran.output.as_str(), ran.requests.len()), (2, "", 0), "{wrong:?}");
    }
    for seconds in ["soon", "-1", "inf", "NaN", "1e40"] {
        sample(&["call", "note", "--timeout", seconds], vec![])
            .is_usage(&format!("--timeout takes seconds, and `{seconds}` is no number of them"));
    }
}

#[test]
fn the_server_is_chosen() {
    let host = |arguments: &[&str]| {
        let ran = sample(&[&["call", "note"], arguments].concat(), vec![]);
        assert_eq!(ran.code, 0, "{}", ran.errors);
        ran.request().uri().to_string()
    };
    assert_eq!(host(&[]), "https://one.example.com/note");
    assert_eq!(host(&["--server", "http://localhost:1/base/"]), "http://localhost:1/base/note");
    assert_eq!(host(&["--server", "0"]), "https://one.example.com/note");
    assert_eq!(host(&["--server-variable", "host=two.example.com"]), "https://two.example.com/note");
    sample(&["call", "note", "--server", "nonsense"], vec![])
        .is_usage(
        "`nonsense` is the name of no server, or of several: choose one of 0 `Production` (`https://{host}`), 1 `Tenant` \
         (`https://{tenant}.example.com/{stage}/`), 2 (`/api/v1`)",
    );
    sample(&["call", "note", "--server-variable", "hots=x"], vec![])
        .is_usage("the server `https://{host}` has no variable `hots`: it has `host`, `region`");
    sample(&["call", "note", "--server-variable", "host"], vec![])
        .is_usage("--server-variable takes NAME=VALUE, and there is one without `=`");
}
