package sandbox

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

func asIs(w *walk, v string) { w.buf = append(w.buf, v...) }

func asBool(w *walk, v string) { w.buf = strconv.AppendBool(w.buf, v == "1") }

// asNumber writes the shortest form of a decimal, digit by digit: 010.50 is 10.5.
func asNumber(w *walk, v string) {
	whole, part, _ := strings.Cut(v, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	w.buf = append(w.buf, whole...)
	if part = strings.TrimRight(part, "0"); part != "" {
		w.buf = append(append(w.buf, '.'), part...)
	}
}

// asCommaList writes the list that the API answers for values sent as one comma-separated text.
func asCommaList(w *walk, v string) {
	w.buf = append(w.buf, '[')
	for item := range strings.SplitSeq(v, ",") {
		w.text(strings.TrimSpace(item))
		w.buf = append(w.buf, ',')
	}
	w.close(']')
}

// asMoment writes a date as a date-time.
func asMoment(w *walk, v string) {
	if len(v) == len("2006-01-02") {
		v += " 00:00:00"
	}
	w.text(v)
}

// asPrivacy: what is written as protected reads premoderated.
func asPrivacy(w *walk, v string) {
	if v == "protected" {
		v = "premoderated"
	}
	w.text(v)
}

// asLower: the vendor's recorded answers spell currencies in lower case.
func asLower(w *walk, v string) { w.text(strings.ToLower(v)) }

// asDomain: the domain is set by its id and read by its name.
func asDomain(w *walk, v string) {
	for _, d := range w.lists.domains {
		if strconv.Itoa(d.ID) == v {
			v = d.URL
		}
	}
	w.text(v)
}

func asCity(w *walk, v string) {
	w.buf = append(append(w.buf, `{"id":`...), v...)
	if name, ok := w.lists.cityNames[v]; ok {
		w.buf = append(w.buf, `,"name":`...)
		w.text(name)
	}
	w.buf = append(w.buf, '}')
}

func deriveNumber(quote string) func(*walk, input) bool {
	return func(w *walk, in input) bool {
		if in.text("id") != "" || in.sent("id") != nil && in.sent("id").arr != nil {
			return false
		}
		w.buf = append(append(w.buf, `"id":`...), quote...)
		w.buf = strconv.AppendUint(w.buf, w.parts(), 10)
		w.buf = append(append(w.buf, quote...), ',')
		return true
	}
}

func deriveUUID(w *walk, in input) bool {
	if in.text("id") != "" || in.sent("id") != nil && in.sent("id").arr != nil {
		return false
	}
	a, b := scatter(w.parts()), scatter(w.parts())
	w.buf = fmt.Appendf(w.buf, `"id":"%08x-%04x-4%03x-%04x-%012x",`, a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
	return true
}

func deriveTierID(w *walk, _ input) bool {
	w.buf = append(w.buf, `"id":"`...)
	w.buf = appendHexID(w.buf, w.parts())
	w.buf = append(w.buf, `",`...)
	return true
}

// appendHexID writes 24 hexadecimal digits that always belong to n.
func appendHexID(to []byte, n uint64) []byte {
	const hex = "0123456789abcdef"
	a, b := scatter(n), scatter(n+1<<40)
	for shift := 60; shift >= 0; shift -= 4 {
		to = append(to, hex[a>>shift&15])
	}
	for shift := 28; shift >= 0; shift -= 4 {
		to = append(to, hex[b>>shift&15])
	}
	return to
}

// scatter is splitmix64's finisher: numbers that look random and are always the same.
func scatter(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

func derivePreview(w *walk, in input) bool {
	n := in.sent("url_preview")
	if n == nil {
		return false
	}
	w.buf = append(w.buf, `"preview_url":`...)
	w.text(n.text)
	w.buf = append(w.buf, ',')
	return true
}

func deriveApproval(w *walk, in input) bool {
	n := in.sent("privacy")
	if n == nil {
		return false
	}
	w.buf = append(w.buf, `"required_approval":`...)
	w.buf = append(strconv.AppendBool(w.buf, n.text == "protected"), ',')
	return true
}

func deriveCategories(w *walk, in input) bool {
	n := in.sent("categories")
	if n == nil {
		return false
	}
	w.buf = append(w.buf, `"full_categories":[`...)
	for i := range n.Len() {
		id := n.arr.entries[i].node.text
		if id == "" {
			continue
		}
		w.buf = append(w.buf, `{"id":`...)
		w.text(id)
		w.buf = append(w.buf, `,"title":`...)
		w.text(w.lists.categoryTitle(id))
		w.buf = append(w.buf, "},"...)
	}
	w.close(']')
	w.buf = append(w.buf, ',')
	return true
}

type subAccount struct {
	Value  string `json:"value"`
	Except bool   `json:"except"`
}

// deriveSubAccounts gathers four parameters in the one object that the API answers.
func deriveSubAccounts(w *walk, in input) bool {
	var both struct {
		One subAccount `json:"1"`
		Two subAccount `json:"2"`
	}
	if raw := in.stored["sub_accounts"]; raw != nil {
		_ = json.Unmarshal(raw, &both) // our own JSON
	}
	for key, at := range map[string]*subAccount{"sub_account_1": &both.One, "sub_account_2": &both.Two} {
		if n := in.sent(key); n != nil {
			at.Value = n.text
		}
		if n := in.sent(key + "_except"); n != nil {
			at.Except = n.text == "1"
		}
	}
	w.buf = append(w.buf, `"sub_accounts":{"1":`...)
	w.subAccount(both.One)
	w.buf = append(w.buf, `,"2":`...)
	w.subAccount(both.Two)
	w.buf = append(w.buf, "},"...)
	return true
}

func (w *walk) subAccount(s subAccount) {
	w.buf = append(w.buf, `{"value":`...)
	w.text(s.Value)
	w.buf = append(w.buf, `,"except":`...)
	w.buf = append(strconv.AppendBool(w.buf, s.Except), '}')
}

func deriveLogo(w *walk, _ input) bool {
	for _, f := range w.files {
		if f.Field == "logo" {
			w.buf = append(w.buf, `"logo":`...)
			w.text("/images/cpa/logos/" + f.Name)
			w.buf = append(w.buf, ',')
			return true
		}
	}
	return false
}

// deriveCreatives adds uploaded files to the creatives that the offer has.
func deriveCreatives(w *walk, in input) bool {
	var all []json.RawMessage
	if raw := in.stored["creatives"]; raw != nil && in.sent("creatives") == nil {
		_ = json.Unmarshal(raw, &all) // our own JSON
	}
	old := len(all)
	for _, f := range w.files {
		if f.Field != "logo" {
			one, _ := json.Marshal(map[string]any{"file_name": f.Name, "type": f.ContentType, "size": len(f.Data)})
			all = append(all, one)
		}
	}
	if len(all) == old {
		return false
	}
	list, _ := json.Marshal(all)
	w.buf = append(append(append(w.buf, `"creatives":`...), list...), ',')
	return true
}

// checkFiles judges the uploads by their field and type.
func (w *walk) checkFiles(files []File) {
	w.files = files
	for _, f := range files {
		switch image := isImage(f.ContentType); {
		case f.Field != "logo" && f.Field != "creativeFiles[]" && f.Field != "creativeAssets[]":
			w.unknown = append(w.unknown, f.Field)
		case !image && (f.Field == "logo" || f.ContentType != "application/zip"):
			w.problems = append(w.problems, problem{path: f.Field, text: "The mime type of the file is invalid (" + f.ContentType + ")."})
		}
	}
}

func isImage(contentType string) bool {
	switch contentType {
	case "image/jpeg", "image/pjpeg", "image/png", "image/gif":
		return true
	}
	return false
}
