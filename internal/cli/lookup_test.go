package cli_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// addCategory is the script command "category TITLE": the account gets one
// more category, whether it has one of that title or not.
func addCategory(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: category TITLE")
	}
	form := strings.NewReader(url.Values{"title": {args[0]}}.Encode())
	req, err := http.NewRequest(http.MethodPost, ts.Value(account{}).(*account).web.URL+"/3.0/admin/category", form)
	ts.Check(err)
	req.Header.Set("Api-Key", testKey)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		ts.Fatalf("the category was not added: %s", resp.Status)
	}
}

// checkCalls is the script command "calls NAME N": the account, since it is
// there, was asked N times for a list.
func checkCalls(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: calls NAME N")
	}
	if got := ts.Value(account{}).(*account).server.Stats().Calls[args[0]]; strconv.Itoa(got) != args[1] {
		ts.Fatalf("the account was asked %d times for %s, not %s", got, args[0], args[1])
	}
}
