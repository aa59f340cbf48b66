//! Many clusters at once: chosen by header or prefix, independent, bounded, listed, removed.

use action_oracle::serve::{Clock, Clusters, Service, Setup, Users};
use serde_json::json;

use super::{ask, ask_with, control, service};

const ADMIN: (&str, &str) = ("authorization", "Basic YWRtaW46YWRtaW4=");
const ON: &str = "/v1/nodes/1/actions/maintenance_on";

#[test]
fn a_header_and_a_prefix_choose_the_same_cluster_and_no_other() {
    let service = service(Setup { clock: Clock::Manual, ..Setup::default() });
    assert_eq!(ask(&service, &format!("POST /_cluster/one{ON}"), "{}").status, 200);
    let of = |name: &str| {
        let told = ask_with(&service, &format!("GET {ON}"), "", &[ADMIN, ("x-action-oracle-cluster", name)]);
        told.expect("it is answered").status
    };
    assert_eq!((of("one"), of("two")), (200, 404));
    assert_eq!(ask(&service, &format!("GET {ON}"), "").status, 404, "that of whoever names none");
    control(&service, "POST /_cluster/one/_control/reset", "");
    assert_eq!(of("one"), 404);
    let history = ask(&service, "GET /_cluster/one/_control/history", "").body;
    assert!(String::from_utf8_lossy(&history).contains("\"path\":\"/v1/nodes/1/actions/maintenance_on\""));
}

#[test]
fn what_happens_in_a_cluster_does_not_depend_on_its_name_or_the_others() {
    let service = service(Setup::default());
    let run = |name: &str| {
        ask(&service, &format!("POST /_cluster/{name}{ON}"), "{}");
        (0..10).map(|_| ask(&service, &format!("GET /_cluster/{name}{ON}"), "").body).collect::<Vec<_>>()
    };
    assert_eq!(run("one"), run("two"));
}

#[test]
fn there_is_room_for_so_many_until_one_is_removed() {
    let clusters = Clusters::new(Setup::default(), 2, None);
    let service = Service::of(clusters, Users::default(), false);
    ask(&service, "GET /_cluster/one/v1/nodes", "");
    ask(&service, "GET /_cluster/two/v1/nodes", "");
    let told = ask(&service, "GET /_cluster/three/v1/nodes", "");
    assert_eq!((told.status, told.json()["error_code"].as_str()), (503, Some("too_many_clusters")));
    assert_eq!(control(&service, "GET /_control/clusters", ""), json!({"clusters": ["one", "two"]}));
    control(&service, "DELETE /_control/clusters/one", "");
    assert_eq!(ask(&service, "DELETE /_control/clusters/one", "").status, 404);
    assert_eq!(ask(&service, "GET /_cluster/three/v1/nodes", "").status, 200);
}

#[test]
fn a_name_that_is_none_is_refused() {
    let service = service(Setup::default());
    for path in ["/_cluster/a%2Fb/v1/nodes", "/_cluster//v1/nodes", "/_cluster/.x/v1/nodes", "/_cluster/a b"]
    {
        let path = path.replace(' ', "%20");
        let told = ask(&service, &format!("GET {path}"), "");
        assert_eq!(
            (told.status, told.json()["error_code"].as_str()),
            (400, Some("bad_cluster_name")),
            "{path}"
        );
    }
    let long = "x".repeat(65);
    let told = ask_with(&service, "GET /v1/nodes", "", &[ADMIN, ("x-action-oracle-cluster", &long)]);
    assert_eq!(told.expect("it is answered").status, 400);
}
