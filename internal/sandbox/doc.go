// Package sandbox is a look-alike of the Affise admin API, as far as offers go: an http.Handler that stores offers and
// refuses what the API refuses, so that an import can be tried and tested without an account. Start with [New]; the zero
// [Config] is a server in memory that takes any key.
//
//	s, err := sandbox.New(sandbox.Config{Key: "secret", File: "sandbox.json"})
//	http.ListenAndServe("127.0.0.1:8080", s)
//
// It shares no code with the client: requests are decoded as PHP does it ([ParseForm], [ParseMultipart]) and checked
// against tables of its own. So a key that the client misspells is an unknown parameter here, never an agreement.
//
// # Strictness
//
// The key is taken from the API-Key header alone: none is 401 `Token is necessary`, a wrong one 403 `Auth Denied`. A body
// that is not a form, an unknown parameter, at any depth, and a value of the wrong shape are 400; required values that are
// missing and an advertiser that does not exist are HTTP 200 with status 2, for the API does both. `message` is a text
// for unknown parameters and an object of lists by parameter (`{"payments[0][currency]":["This value …"]}`) for values.
// A wrong nesting below targeting[][sub] gives `{"status":2,"error":"400 Bad Request"}` and no reason. Two offers with
// one external_offer_id are both stored, as the API has nothing against it.
//
// An empty text clears a text, URL, date, span, whole number and list, and is wrong for an enum, a flag, a country and an amount.
//
// # The read shape
//
// The answers follow the vendor's recorded replies, which differ from what is sent:
//
//   - `id` is an integer from 901 up, `offer_id` has 24 hexadecimal digits, `created_at` and `updated_at` are
//     `YYYY-MM-DD HH:MM:SS` in UTC. Every parameter of the offer itself is answered, with its default where it was not sent;
//     macros_replacement, the creative lists, and most criteria of a target group only where they were.
//   - stopDate reads stop_at, `YYYY-MM-DD 00:00:00` or null; uniqIpOnly and rejectNotUniqIp read uniq_ip_only and
//     reject_not_uniq_ip; restriction_os reads strictly_os; privacy protected reads premoderated, with required_approval.
//   - sub_account_1 … read sub_accounts, `{"1":{"value":"","except":false},"2":…}`. url_preview is also preview_url, and
//     categories also full_categories with their titles. domain_url is set by id and reads as the domain's name.
//   - Flags are 0 and 1 for is_top, strictly_country, allow_deeplink, hide_referer and hide_caps, else true and false.
//   - Amounts are JSON numbers in their shortest form; ids of affiliates are numbers; a payment's currency is in lower case.
//   - A payment's sub1 … sub8 are lists, its cities are objects `{id, name}`, its id is a text; a landing's id is a number,
//     a target group's a UUID. A cap's goals are a map, its country is null where there is none. An empty PHP map is `[]`.
//   - schedule is an object, or `[]`; its intervals are a flat list of `{day_of_week, from, to}`.
//
// Lists come newest offer first unless sort[id]=asc is given. updated_at=D finds offers updated on day D or later.
//
// # The file
//
// With Config.File the offers are written in the background, at most every 200 ms, under a temporary name that is renamed. Close
// writes once more. After a kill -9 the file may therefore be 200 ms old (more where it is so big that writing takes
// longer). One file serves one server at a time.
package sandbox
