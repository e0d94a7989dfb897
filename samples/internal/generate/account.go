package main

// Ids of the sandbox's account: a sample that names others would be refused
// there.
const (
	northwindGames  = "573c69a33b7d9b0e638b4576"
	lumenFinance    = "573c69a33b7d9b0e638b4577"
	harborTravel    = "56cc49dc3b7d9b89058b4502"
	verdeNutrition  = "56cc49dc3b7d9b89058b4503"
	kestrelMobile   = "56cc49dc3b7d9b89058b4504"
	atlasInsurance  = "56cc49dc3b7d9b89058b4505"
	bluebirdDating  = "56cc49dc3b7d9b89058b4506"
	cobaltSoftware  = "56cc49dc3b7d9b89058b4507"
	orchardRetail   = "56cc49dc3b7d9b89058b4508"
	zenithUtilities = "56cc49dc3b7d9b89058b4509"

	gamesCategory       = "5368a3973b7d9b89058b4501"
	financeCategory     = "5368a3973b7d9b89058b4502"
	travelCategory      = "5368a3973b7d9b89058b4503"
	nutraCategory       = "5368a3973b7d9b89058b4504"
	datingCategory      = "5368a3973b7d9b89058b4505"
	utilitiesCategory   = "5368a3973b7d9b89058b4506"
	shopsCategory       = "5368a3973b7d9b89058b4507"
	insuranceCategory   = "5368a3973b7d9b89058b4508"
	sweepstakesCategory = "5368a3973b7d9b89058b4509"
	mobileCategory      = "5368a3973b7d9b89058b4510"
	educationCategory   = "5368a3973b7d9b89058b4511"

	bannerSource = "5405c6a13b7d9b89058b4501"
	pushSource   = "5405c6a13b7d9b89058b4502"
	searchSource = "5405c6a13b7d9b89058b4504"
	socialSource = "5405c6a13b7d9b89058b4505"
	inAppSource  = "5405c6a13b7d9b89058b4507"
	nativeSource = "5405c6a13b7d9b89058b4508"

	anaSilva = "55c1fa2d3b7d9b89058b4501"
	benOkafo = "55c1fa2d3b7d9b89058b4502"
)

const noRevenueAbove = "revenue = what the affiliate gets (70 % of total unless agreed otherwise)"

// track is the tracking address of an offer.
func track(slug string) string {
	return "https://track.example.com/click?offer=" + slug + "&c={clickid}"
}

func statuses() map[string][]string {
	return map[string][]string{
		"status":  {"stopped", "active", "suspended"},
		"privacy": {"public", "protected", "private"},
	}
}

func payoutLists() map[string][]string {
	return map[string][]string{
		"type":     {"fixed", "percent", "mixed", "cpc", "cpm", "first_cpa", "first_cps", "baseline_onetime", "baseline_accumulating"},
		"currency": {"USD", "EUR", "GBP", "JPY", "KZT"},
	}
}
