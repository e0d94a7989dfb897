package affise_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"offerlift/internal/affise"
)

// TestValues: a list comes as an array, or as an object by number; an answer
// without one is an error.
func TestValues(t *testing.T) {
	for _, c := range []struct {
		list, answer string
		want         []string
	}{
		{"oses", `{"status":1,"oses":{"1":"Android","2":"iOS"}}`, []string{"Android", "iOS"}},
		{"browsers", `{"status":1,"browsers":["Chrome","Mobile Safari"]}`, []string{"Chrome", "Mobile Safari"}},
		{"oses", `{"status":1,"oses":[]}`, nil},
		{"oses", `{"status":1}`, nil},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/3.1/"+c.list {
				t.Errorf("asked for %s", r.URL.Path)
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(c.answer))
		}))
		client, err := affise.NewClient(affise.Config{BaseURL: server.URL, Key: "k"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := client.Values(context.Background(), c.list)
		if !slices.Equal(got, c.want) || (err == nil) != (c.want != nil) {
			t.Errorf("%s: %v, %v", c.answer, got, err)
		}
		server.Close()
	}
}
