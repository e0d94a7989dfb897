package samples_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"offerlift/internal/sheet"
)

// wantMistakes is what each offer of mistakes.xlsx must be told: level, code
// and cell.
const wantMistakes = `
status-misspelt      error   not_allowed          Offers!E2
no-title             error   missing              Offers!B3
no-advertiser        error   missing              Offers!C4
advertiser-short     error   bad_id               Offers!C5
no-url               error   missing              Offers!D6
url-no-scheme        error   bad_url              Offers!D7
url-unknown-macro    warning unknown_macro        Offers!D8
url-no-clickid       warning no_clickid           Offers!D9
same-key             error   duplicate_key        Offers!A10
same-key             error   duplicate_key        Offers!A11
title-too-long       error   too_long             Offers!B12
flag-maybe           error   bad_flag             Offers!J13
hold-too-long        error   out_of_range         Offers!H14
session-unreadable   error   bad_span             Offers!I15
session-30-months    warning months_not_minutes   Offers!I16
zone-misspelt        error   bad_timezone         Offers!M17
managers-names       error   too_many             Offers!K18
postback-no-body     error   needs_other          Offers!P19
sub-account-blank    error   bad_character        Offers!Q20
file-outside         error   bad_file             Offers!S21
file-missing         error   bad_file             Offers!S22
date-two-readings    error   ambiguous_date       Offers!G24
date-no-day          error   bad_date             Offers!G25
start-past           error   past_date            Offers!F26
stop-past            warning past_date            Offers!G27
stop-before-start    error   date_order           Offers!G28
weekday-name         error   bad_list             Offers!L29
hour-25              error   bad_list             Offers!L30
no-payout            error   no_payout            Offers_row_31
only-personal        error   no_payout            Offers_row_32
affiliate-name       error   unknown_name         Payouts!C31
currency-unknown     error   bad_currency         Payouts!E32
no-currency          error   missing              Payouts!E33
no-type              error   missing              Payouts!D34
type-misspelt        error   not_allowed          Payouts!D35
payout-above         warning payout_above_revenue Payouts!G36
percent-150          warning above_100_percent    Payouts!F37
money-euro-sign      error   currency_mismatch    Payouts!F38
money-comma          error   ambiguous_number     Payouts!F39
money-words          error   bad_amount           Payouts!F40
money-negative       error   out_of_range         Payouts!G41
money-percent        error   percent_mismatch     Payouts!G42
country-misspelt     error   bad_country          Payouts!H43
device-unknown       error   not_allowed          Payouts!I44
cap-exact-no-list    error   exact_list           Caps!H2
cap-list-not-exact   error   exact_list           Caps!F3
cap-decimal          error   not_whole            Caps!D4
cap-period           error   not_allowed          Caps!B5
cap-empty            error   empty_row            Caps_row_6
region-no-country    error   bad_list             Targeting!D2
os-no-comparison     warning doubtful_name        Targeting!E3
ip-outside           error   bad_ip               Targeting!F4
weight-150           error   bad_list             Targeting!G5
landing-no-preview   error   missing              Landings!D2
tiers-off            warning tiers_off            Offers!R57
tier-no-type         error   missing              Commission_tiers!F3
creative-json        error   bad_json             Html_creatives!D2
formula-no-value     error   no_value             Payouts!G58
cell-error           error   cell_error           Payouts!F59
made-date            error   made_date            Offers!Q62
affiliate-scientific error   lost_digits          Payouts!C61
advertiser-number    error   lost_digits          Offers!C64
-                    warning unknown_column       Offers!U1
-                    error   orphan               Payouts!A63
`

// told is a message in the form of wantMistakes.
func told(key string, m sheet.Message) string {
	place := strings.ReplaceAll(strings.TrimPrefix(m.Place(), "mistakes.xlsx, "), " ", "_")
	return fmt.Sprint(key, " ", m.Level, " ", m.Code, " ", place)
}

func TestEveryMistakeIsNamedByItsCell(t *testing.T) {
	offers, messages := mapped(t, "mistakes.xlsx")
	var got, all []string
	for _, m := range messages {
		got = append(got, told("-", m))
	}
	for _, o := range offers {
		all = append(all, o.Key)
		for _, m := range o.Messages {
			got = append(got, told(o.Key, m))
		}
	}
	named := map[string]bool{"column-misspelt": true} // an unknown column belongs to no offer
	for line := range strings.Lines(strings.TrimSpace(wantMistakes)) {
		want := strings.Join(strings.Fields(line), " ")
		key, _, _ := strings.Cut(want, " ")
		named[key] = true
		if !slices.Contains(got, want) {
			t.Errorf("not told: %s\nof the offer: %q", want, slices.DeleteFunc(slices.Clone(got), func(s string) bool {
				return !strings.HasPrefix(s, key+" ")
			}))
		}
	}
	for _, key := range all {
		if !named[key] {
			t.Errorf("%s is not in the list of mistakes", key)
		}
	}
}
