// Package affise is the Affise admin API as far as offers go: the one schema of
// an offer and its parts, the encoder of request bodies, a client, and the
// comparison of a stored offer with what was sent.
//
// Start with [Parts], which lists every sheet and column, [Value], the tree that
// a request body is made of, and [NewClient]. Nothing in here retries, waits or
// paces: a method sends one request, once, and an *[Error] says by its [Outcome]
// what its caller may do next.
//
// # How an answer is judged
//
// The API answers {"status":1,…} or {"status":2,"message":…}, the second also
// with HTTP 200, so that the envelope and the HTTP code are judged together:
//
//	what happened                                      outcome
//	-------------------------------------------------  -------------------------
//	2xx, status 1, with an id, the offer that was sent  stored
//	2xx with another status                            Rejected
//	400, 404, 409, 413, 415, 422 and other 4xx         Rejected
//	429, Retry-After as seconds or date, or without    Throttled
//	401, 403                                           Unauthorised
//	no connection, no such host, no TLS, time-out or
//	stop before the headers were written; a file that
//	could not be opened just then                      NotApplied
//	a file that is missing or of the wrong type,
//	a body above [MaxVariables] or [MaxFiles]          Rejected, nothing is sent
//	408, 425, 5xx with or without an envelope          Unknown
//	3xx (never followed: the key would go along)       Unknown
//	time-out, stop, reset or end after the first byte  Unknown
//	2xx that is HTML, empty, cut short, without status,
//	too long, or slower than [Config].Timeout          Unknown
//	status 1 without an id, or with another offer      Unknown
//	status 1 with a code that is not 2xx               Unknown
//
// Of a look-up, which changes nothing, Unknown says that it failed.
//
// # What it promises
//
// A POST leaves at most once a call: net/http is given no means to repeat it.
// The key goes into one header of requests to [Config].BaseURL and nowhere else:
// no error holds it, also where a server repeats it. Money and ids are never
// floats.
package affise
