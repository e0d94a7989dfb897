package affise

import (
	"context"
	"net/http"
)

// Values returns the names that the account takes where offers are limited to
// some: list is oses or browsers, see [Column].Values.
func (c *Client) Values(ctx context.Context, list string) ([]string, error) {
	r := request{name: "list " + list, method: http.MethodGet, path: "/3.1/" + list, limit: c.max * listFactor}
	doc, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	var names []string
	for entry := range doc.root().get(list).children() { // of an array, or of an object by number
		if entry.kind() == kindString && !entry.blank() {
			names = append(names, entry.text())
		}
	}
	if len(names) == 0 {
		return nil, c.failed(r, Unknown, "the answer holds no list of "+list, nil)
	}
	return names, nil
}
