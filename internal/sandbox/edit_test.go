package sandbox

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestEditChangesOnlyWhatIsSent(t *testing.T) {
	now := today()
	s := newServer(t, Config{Now: func() time.Time { return now }})
	must(t, s, "POST", "/3.0/admin/offer", valid+"&notes=n&tags[]=a&tags[]=b&status=active&privacy=protected&external_offer_id=k1&sub_account_1=x&sub_account_1_except=1"+
		"&description_lang[en]=E&description_lang[ru]=R&categories[]="+cat1+"&url_preview=https://v.example.com&start_at=2026-12-01&stopDate=2027-01-01")
	before := s.Offers()[0]
	now = now.Add(48 * time.Hour)
	must(t, s, "POST", "/3.0/admin/offer/901", "title=New")
	after := s.Offers()[0]
	for key, want := range before {
		if key == "title" || key == "updated_at" {
			continue
		}
		if got := jsonText(t, after[key]); got != jsonText(t, want) {
			t.Errorf("%s changed from %s to %s", key, jsonText(t, want), got)
		}
	}
	if len(before) != len(after) || after["title"] != "New" || after["updated_at"] != "2026-11-25 15:04:05" {
		t.Errorf("after: %v", after)
	}
}

func TestEdit(t *testing.T) {
	const base = valid + "&tags[]=a&tags[]=b&categories[]=" + cat1 + "&url_preview=https://v.example.com&sub_account_1=x&privacy=protected" +
		"&landings[0][title]=L1&landings[0][url]=https://l.example.com&landings[0][url_preview]=https://l.example.com" +
		"&landings[1][title]=L2&landings[1][url]=https://l.example.com&landings[1][url_preview]=https://l.example.com" +
		"&description_lang[en]=E&description_lang[ru]=R&payments[0][countries][]=US&payments[0][goal]=g"
	// The payment's id is 1, the landings' are 2 and 3.
	for _, c := range []struct{ name, body, path, want string }{
		{"a list replaces", "tags[]=c", "tags", `["c"]`},
		{"one empty value empties", "tags[]=", "tags", `[]`},
		{"an empty text empties", "landings=", "landings", `[]`},
		{"languages replace", "description_lang[en]=F", "description_lang", `{"en":"F"}`},
		{"text cleared", "url_preview=", "preview_url", `""`},
		{"titles follow", "categories[]=", "full_categories", `[]`},
		{"approval follows", "privacy=public", "required_approval", `false`},
		{"sub accounts merge", "sub_account_2=y&sub_account_1_except=1", "sub_accounts", `{"1":{"except":true,"value":"x"},"2":{"except":false,"value":"y"}}`},
		{"landing in place", "landings[0][id]=3&landings[0][title]=New", "landings", `[{"id":3,"title":"New","type":"landing","url":"https://l.example.com","url_preview":"https://l.example.com"}]`},
		{"payment in place", "payments[0][id]=1&payments[0][total]=9", "payments.0.total", `9`},
		{"payment in place keeps", "payments[0][id]=1&payments[0][total]=9", "payments.0.goal", `"g"`},
		{"payment in place keeps its id", "payments[0][id]=1&payments[0][total]=9", "payments.0.id", `"1"`},
		{"payment list emptied", "payments[0][id]=1&payments[0][countries][]=", "payments.0.countries", `[]`},
		{"payment without id is new", "payments[0][currency]=EUR&payments[0][type]=cpc", "payments.0.goal", `""`},
		{"payment without id gets one", "payments[0][currency]=EUR&payments[0][type]=cpc", "payments.0.id", `"4"`},
		{"payment kept and added", "payments[0][id]=1&payments[1][currency]=EUR&payments[1][type]=cpc", "payments.1.currency", `"eur"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, Config{})
			must(t, s, "POST", "/3.0/admin/offer", base)
			answer := must(t, s, "POST", "/3.0/admin/offer/901", c.body)
			if got := jsonText(t, dig(t, s.Offers()[0], c.path)); got != c.want {
				t.Errorf("%s is %s, want %s", c.path, got, c.want)
			}
			if got := jsonText(t, dig(t, answer["offer"], c.path)); got != c.want || answer["id"] != 901.0 {
				t.Errorf("answered %s", got)
			}
		})
	}
}

func TestEditRefusals(t *testing.T) {
	s := newServer(t, Config{})
	must(t, s, "POST", "/3.0/admin/offer", landing)
	before := jsonText(t, s.Offers())
	for _, c := range []struct {
		body, want string
	}{
		{"titel=x", "unknown parameter titel"}, {"title=", `title`}, {"payments=", "payments"}, {"status=x", "status"},
		{"landings[0][id]=77&landings[0][title]=x", "landings[0][id]"}, {"payments[0][total]=5", "payments[0][currency]"},
		{"advertiser=ffffffffffffffffffffffff", "advertiser"}, {"targeting[0][sub][allow]=x", "400 Bad Request"},
	} {
		code, answer := do(t, s, request("POST", "/3.0/admin/offer/901", c.body))
		if answer["status"] != 2.0 || !strings.Contains(jsonText(t, answer), c.want) {
			t.Errorf("%s: %d %v", c.body, code, answer)
		}
	}
	if after := jsonText(t, s.Offers()); after != before {
		t.Errorf("a refused edit changed the offer:\n%s\n%s", before, after)
	}
	if code, _ := do(t, s, request("POST", "/3.0/admin/offer/5", "title=x")); code != 404 {
		t.Errorf("an edit of no offer: %d", code)
	}
}

func TestEditMovesTheKey(t *testing.T) {
	s := newServer(t, Config{})
	for _, key := range []string{"a", "b", "a"} {
		must(t, s, "POST", "/3.0/admin/offer", valid+"&external_offer_id="+key)
	}
	must(t, s, "POST", "/3.0/admin/offer/903", "external_offer_id=b")
	if got := jsonText(t, s.Duplicates()); got != `{"b":[902,903]}` {
		t.Error(got)
	}
	for key, want := range map[string][]int{"a": {901}, "b": {903, 902}} {
		if got := listIDs(t, s, "external_offer_id="+key); !slices.Equal(got, want) {
			t.Errorf("%s: %v", key, got)
		}
	}
}

func TestConcurrentEditsLoseNothing(t *testing.T) {
	s := newServer(t, Config{})
	must(t, s, "POST", "/3.0/admin/offer", valid)
	fields := []string{"notes", "note_aff", "note_sales", "hash_password", "bundle_id", "redirect_param"}
	var wait sync.WaitGroup
	for _, field := range fields {
		wait.Go(func() { do(t, s, request("POST", "/3.0/admin/offer/901", field+"=set")) })
	}
	wait.Wait()
	for _, field := range fields {
		if got := s.Offers()[0][field]; got != "set" {
			t.Errorf("%s is %v", field, got)
		}
	}
}

func TestDeleteMassUpdateEnable(t *testing.T) {
	s := newServer(t, Config{})
	for range 4 {
		must(t, s, "POST", "/3.0/admin/offer", valid+"&external_offer_id=k")
	}
	must(t, s, "POST", "/3.0/admin/offer/mass-update", "offer_id[]=901&offer_id[]=902&status=suspended&privacy=protected")
	for i, want := range []string{"suspended premoderated true", "suspended premoderated true", "stopped public false"} {
		o := s.Offers()[i]
		if got := fmt.Sprint(o["status"], " ", o["privacy"], " ", o["required_approval"]); got != want {
			t.Errorf("offer %d: %s, want %s", i, got, want)
		}
	}
	answer := must(t, s, "POST", "/3.0/admin/offer/delete", "offer_id[]=902&offer_id[]=904&offer_id[]=904")
	if answer["message"] != "Offer 902, 904 is removed successfully." {
		t.Error(answer)
	}
	if got := listIDs(t, s, ""); !slices.Equal(got, []int{903, 901}) {
		t.Errorf("left: %v", got)
	}
	if got := jsonText(t, s.Duplicates()); got != `{"k":[901,903]}` {
		t.Error(got)
	}
	must(t, s, "POST", "/3.0/offer/enable-affiliate", "offer_id[]=901&pid=71&notice=0")
	must(t, s, "POST", "/3.0/offer/enable-affiliate", "offer_id[]=901&pid=71")
	if got := s.store.grants[901]; !slices.Equal(got, []int{71}) {
		t.Error(got)
	}
	for _, c := range [][2]string{
		{"/3.0/admin/offer/delete", "offer_id[]=901&offer_id[]=902"}, {"/3.0/admin/offer/delete", "offer_id=901"}, {"/3.0/admin/offer/delete", ""},
		{"/3.0/admin/offer/mass-update", "offer_id[]=901"}, {"/3.0/admin/offer/mass-update", "offer_id[]=901&status=x"},
		{"/3.0/admin/offer/mass-update", "offer_id[]=901&title=x"}, {"/3.0/offer/enable-affiliate", "offer_id[]=901"},
		{"/3.0/offer/enable-affiliate", "offer_id[]=901&pid=71&notice=2"}, {"/3.0/admin/category", "title="}, {"/3.0/admin/category", "name=x"},
	} {
		if _, answer := do(t, s, request("POST", c[0], c[1])); answer["status"] != 2.0 {
			t.Errorf("%v: %v", c, answer)
		}
	}
	if st := s.Stats(); len(s.Offers()) != 2 || st.Deleted != 2 || st.Edited != 2 || st.Created != 4 {
		t.Errorf("%+v", st)
	}
}

func TestAddedCategoryGetsItsTitle(t *testing.T) {
	s := newServer(t, Config{})
	c := must(t, s, "POST", "/3.0/admin/category", "title="+url.QueryEscape("Pet & care"))
	offer := must(t, s, "POST", "/3.0/admin/offer", valid+"&categories[]="+c["id"].(string))
	if got := dig(t, offer, "offer.full_categories.0.title"); got != "Pet & care" {
		t.Error(got)
	}
	all := must(t, s, "GET", "/3.0/offer/categories", "")["categories"].([]any)
	if last := all[len(all)-1].(map[string]any); last["title"] != "Pet & care" || last["id"] != c["id"] {
		t.Errorf("%v", last)
	}
}
