package affise

// The types of this file are the schema: one field a parameter of the API, and
// one column of a sheet. Rows decode into them by their csv tags, so every
// field is the text of a cell; what the text means stands in the other tags:
//
//	csv      the column's name in a sheet
//	key      the parameter's name within its part, brackets and all; a list ends in []
//	read     its path in the API's answers where that differs; "-" where answers leave it out
//	kind     how a cell is read and checked: see [Kind]
//	of       the allowed values
//	min max  bounds of a number
//	len      the longest text, in characters
//	token    "yes": an identifier rather than prose: blanks around it and invisible
//	         characters are no part of it
//	ids      what its ids stand for, where a name may stand in their place: see [Directory]
//	values   the account's list of the names that it takes: oses, browsers
//	macros   which macros it may carry: click (a tracking URL, which needs the click
//	         id), tracking (what a URL may carry by default), postback
//	need     "create": required to create
//	default  what the API takes when nothing is sent
//	also     further headers that mean this column
//	group    opens a group of columns in the template and the docs
//	eg       an example value
//	help     one sentence for the person who fills the sheet
//
// Headers, decoding, validation, the request body, the template and the docs
// are made from these tags alone.
//
// Source of every name, type and bound: the vendor's OpenAPI document and help
// centre as gathered on 2026-11-23.

// Offer is a row of the Offers sheet.
type Offer struct {
	ExternalOfferID string `csv:"external_offer_id" key:"external_offer_id" kind:"text" token:"yes" len:"255" also:"external id,ext id,offer key,own id" group:"Offer" eg:"summer-01" help:"your own id of the offer: unique, never changes; offerlift never makes two offers with one"`
	Offer           string `csv:"offer" kind:"local" token:"yes" also:"offer ref" help:"only where child sheets name the offer by something else than external_offer_id"`
	Action          string `csv:"action" kind:"local" of:"create,update,skip" help:"what to do with this row; blank: what the import's mode says"`
	Title           string `csv:"title" key:"title" kind:"text" need:"create" len:"255" also:"offer name,name,offer title,campaign name" eg:"Summer Games US" help:"the offer's name"`
	Advertiser      string `csv:"advertiser" key:"advertiser" kind:"id24" need:"create" also:"advertiser id" eg:"573c69a33b7d9b0e638b4576" ids:"advertisers" help:"the advertiser: its id in the account, 24 characters 0-9 and a-f, or its name there"`
	URL             string `csv:"url" key:"url" kind:"url" macros:"click" need:"create" also:"tracking url,offer url,tracking link,destination url,link" eg:"https://track.example.com/click?c={clickid}" help:"where a click goes, with macros such as {clickid}"`
	PreviewURL      string `csv:"url_preview" key:"url_preview" kind:"url" also:"preview url,preview link,preview" eg:"https://www.example.com/" help:"the page as a visitor sees it, without tracking"`
	Status          string `csv:"status" key:"status" kind:"enum" of:"stopped,active,suspended" default:"stopped" also:"offer status" eg:"stopped" help:"stopped: links do not work; active; suspended: hidden from affiliates, but clicks and conversions still count"`
	Privacy         string `csv:"privacy" key:"privacy" kind:"enum" of:"public,protected,private" also:"visibility,offer privacy" eg:"protected" help:"public: every affiliate; protected: after approval; private: only those you let in"`
	PrivacyLevel    string `csv:"privacy_level" key:"privacy_level" kind:"int" min:"0" max:"6" help:"privacy level, 0 to 6"`
	Freshness       string `csv:"freshness" key:"freshness" kind:"enum" of:"default,old,fresh,exclusive" help:"the label on the offer"`
	IsTop           string `csv:"is_top" key:"is_top" kind:"flag" also:"top offer,top" help:"yes: among the top offers"`
	IsCPI           string `csv:"is_cpi" key:"is_cpi" kind:"flag" also:"cpi" help:"yes: a CPI offer"`
	Categories      string `csv:"categories" key:"categories[]" kind:"id24" also:"category,vertical,verticals" ids:"categories" help:"categories by their ids or names, separated by commas"`
	Tags            string `csv:"tags" key:"tags[]" kind:"text" also:"tag,labels" eg:"q3, games" help:"tags, separated by commas"`
	Sources         string `csv:"sources" key:"sources[]" kind:"id24" also:"traffic sources,allowed sources" ids:"sources" help:"the allowed traffic sources by their ids or names"`
	BundleID        string `csv:"bundle_id" key:"bundle_id" kind:"text" token:"yes" also:"bundle,app id,package name" help:"the app's bundle or package name"`
	Managers        string `csv:"managers" key:"managers[]" kind:"text" token:"yes" max:"10" also:"manager" ids:"managers" help:"managers by their user ids, names or e-mail addresses, at most 10"`

	DescriptionEN string `csv:"description_en" key:"description_lang[en]" kind:"text" len:"30000" also:"description,offer description,terms" group:"Texts" eg:"No incentives" help:"description in English"`
	DescriptionRU string `csv:"description_ru" key:"description_lang[ru]" kind:"text" len:"30000" help:"description in Russian"`
	DescriptionES string `csv:"description_es" key:"description_lang[es]" kind:"text" len:"30000" help:"description in Spanish"`
	DescriptionKA string `csv:"description_ka" key:"description_lang[ka]" kind:"text" len:"30000" help:"description in Georgian"`
	DescriptionVI string `csv:"description_vi" key:"description_lang[vi]" kind:"text" len:"30000" help:"description in Vietnamese"`
	DescriptionDE string `csv:"description_de" key:"description_lang[de]" kind:"text" len:"30000" help:"description in German"`
	DescriptionFR string `csv:"description_fr" key:"description_lang[fr]" kind:"text" len:"30000" help:"description in French"`
	DescriptionPT string `csv:"description_pt" key:"description_lang[pt]" kind:"text" len:"30000" help:"description in Portuguese"`
	DescriptionZH string `csv:"description_zh" key:"description_lang[zh]" kind:"text" len:"30000" help:"description in Chinese"`
	KpiEN         string `csv:"kpi_en" key:"kpi[en]" kind:"text" len:"30000" also:"kpi,kpis" eg:"CR above 2 %" help:"KPI in English"`
	KpiRU         string `csv:"kpi_ru" key:"kpi[ru]" kind:"text" len:"30000" help:"KPI in Russian"`
	KpiES         string `csv:"kpi_es" key:"kpi[es]" kind:"text" len:"30000" help:"KPI in Spanish"`
	KpiKA         string `csv:"kpi_ka" key:"kpi[ka]" kind:"text" len:"30000" help:"KPI in Georgian"`
	KpiVI         string `csv:"kpi_vi" key:"kpi[vi]" kind:"text" len:"30000" help:"KPI in Vietnamese"`
	KpiDE         string `csv:"kpi_de" key:"kpi[de]" kind:"text" len:"30000" help:"KPI in German"`
	KpiFR         string `csv:"kpi_fr" key:"kpi[fr]" kind:"text" len:"30000" help:"KPI in French"`
	KpiPT         string `csv:"kpi_pt" key:"kpi[pt]" kind:"text" len:"30000" help:"KPI in Portuguese"`
	KpiZH         string `csv:"kpi_zh" key:"kpi[zh]" kind:"text" len:"30000" help:"KPI in Chinese"`
	Notes         string `csv:"notes" key:"notes" kind:"text" also:"note,internal notes" help:"notes for your team"`
	NoteAff       string `csv:"note_aff" key:"note_aff" read:"-" kind:"text" also:"affiliate note" help:"note of the affiliate department"`
	NoteSales     string `csv:"note_sales" key:"note_sales" read:"-" kind:"text" also:"sales note" help:"note of the sales department"`

	StartAt           string `csv:"start_at" key:"start_at" kind:"moment" also:"start,start date,launch date" group:"Dates" eg:"2030-06-01" help:"when the offer starts, today or later: 2030-06-01 or 2030-06-01 18:00:00"`
	StopDate          string `csv:"stop_date" key:"stopDate" read:"stop_at" kind:"date" also:"stop at,end date,expiration date,expiry,expires" eg:"2030-12-31" help:"the day on which the offer stops: 2030-12-31"`
	ScheduleEnabled   string `csv:"schedule_enabled" key:"schedule[enabled]" kind:"flag" help:"yes: the schedule is on"`
	ScheduleDateStart string `csv:"schedule_date_start" key:"schedule[date_start]" kind:"moment" help:"when the schedule starts; it starts the offer even where the schedule is off"`
	ScheduleDateTo    string `csv:"schedule_date_to" key:"schedule[date_to]" kind:"moment" help:"when the schedule ends"`
	ScheduleTimezone  string `csv:"schedule_timezone" key:"schedule[timezone]" kind:"zone" eg:"Europe/Berlin" help:"the schedule's time zone"`
	ScheduleIntervals string `csv:"schedule_intervals" key:"schedule[intervals]" kind:"intervals" help:"hours in which the offer runs, by weekday number 0 to 6: 0: 9-18; 1: 9-12, 14-18"`

	HoldPeriod               string `csv:"hold_period" key:"hold_period" kind:"int" min:"0" max:"60" also:"hold" group:"Clicks and conversions" eg:"30" help:"how long conversions stay on hold, 0 to 60"`
	HoldType                 string `csv:"hold_type" key:"hold_type" kind:"enum" of:"days,hours" default:"days" help:"the unit of hold_period"`
	ClickSession             string `csv:"click_session" key:"click_session" kind:"span" default:"1y" also:"click lifespan,session lifespan" eg:"30d" help:"how long after a click a conversion counts: 1y2m3w4d5h6i7s (y year, m month, w week, d day, h hour, i minute, s second)"`
	MinimalClickSession      string `csv:"minimal_click_session" key:"minimal_click_session" kind:"span" default:"0s" help:"how soon after a click a conversion may come: 10s, 5i"`
	DuplicateClicksThreshold string `csv:"duplicate_clicks_threshold" key:"duplicate_clicks_threshold" kind:"int" min:"0" max:"100" default:"0" help:"percent of repeated clicks that are allowed"`
	UniqIPOnly               string `csv:"uniq_ip_only" key:"uniqIpOnly" read:"uniq_ip_only" kind:"flag" help:"yes: one conversion an IP address"`
	RejectNotUniqIP          string `csv:"reject_not_uniq_ip" key:"rejectNotUniqIp" read:"reject_not_uniq_ip" kind:"flag" help:"yes: conversions from a repeated IP address are rejected"`
	HostsOnly                string `csv:"hosts_only" key:"hosts_only" kind:"flag" help:"yes: only unique clicks"`
	HostUniquenessType       string `csv:"host_uniqueness_type" key:"host_uniqueness_type" kind:"enum" of:"cookie,sub3" help:"what makes a click unique"`
	SearchEmptySub           string `csv:"search_empty_sub" key:"search_empty_sub" kind:"int" min:"1" max:"8" help:"the sub, 1 to 8, that must not be empty"`
	SignClicksIntegration    string `csv:"sign_clicks_integration" key:"sign_clicks_integration" kind:"enum" of:"no_sign,appsflyer,kochava" help:"whose signature clicks carry"`
	AllowDeeplink            string `csv:"allow_deeplink" key:"allow_deeplink" kind:"flag" also:"deeplink,deep link" help:"yes: affiliates may add deep links"`
	HideReferer              string `csv:"hide_referer" key:"hide_referer" kind:"flag" also:"hide referrer" help:"yes: the referrer is hidden"`
	RedirectType             string `csv:"redirect_type" key:"redirect_type" kind:"enum" of:"http302,http302hidden,js,meta" help:"how a click is passed on"`
	RedirectParam            string `csv:"redirect_param" key:"redirect_param" kind:"text" help:"the parameter that carries the redirect"`
	AllowImpressions         string `csv:"allow_impressions" key:"allow_impressions" kind:"flag" help:"yes: impressions are tracked"`

	ParallelTrackingURL   string `csv:"parallel_tracking_url" key:"parallel_tracking_url" kind:"url" group:"Links" help:"a second tracking address that is called in parallel"`
	CrossPostbackURL      string `csv:"cross_postback_url" key:"cross_postback_url" kind:"url" macros:"postback" also:"cross postback" help:"an address that every conversion is passed on to"`
	CrossPostbackMethod   string `csv:"cross_postback_method" key:"cross_postback_method" kind:"enum" of:"get,post" help:"how it is called; with post, cross_postback_body is required"`
	CrossPostbackBody     string `csv:"cross_postback_body" key:"cross_postback_body" kind:"text" macros:"postback" help:"the body of the call where the method is post"`
	MacroURL              string `csv:"macro_url" key:"macro_url" kind:"query" also:"macro" eg:"&sub1={sub1}" help:"added to the tracking URL, such as &sub1={sub1}"`
	TrafficbackURL        string `csv:"trafficback_url" key:"trafficback_url" kind:"url" also:"traffic back url,trafficback,fallback url" help:"where clicks go that the offer does not take"`
	ImpressionsURL        string `csv:"impressions_url" key:"impressions_url" kind:"url" also:"impression url" help:"the address of the impression pixel"`
	AdditionalImpressions string `csv:"additional_impression_destination_urls" key:"additional_impression_destination_urls" kind:"weighted" help:"further impression addresses with a weight 0 to 100: https://a.example.com 50; https://b.example.com 50"`
	DomainURL             string `csv:"domain_url" key:"domain_url" read:"-" kind:"text" token:"yes" help:"the id of the tracking domain"`
	TrackingDomain        string `csv:"tracking_domain" key:"tracking_domain" kind:"text" token:"yes" help:"the tracking domain's name"`

	HideCaps             string `csv:"hide_caps" key:"hide_caps" kind:"flag" group:"Caps and money" help:"yes: affiliates do not see the caps"`
	HidePayments         string `csv:"hide_payments" key:"hide_payments" kind:"flag" also:"hide payouts" help:"yes: affiliates do not see the payouts"`
	Overcap              string `csv:"overcap" key:"overcap" kind:"flag" help:"yes: the overcap is on"`
	IsRedirectOvercap    string `csv:"is_redirect_overcap" key:"is_redirect_overcap" kind:"flag" help:"yes: clicks above the cap are redirected"`
	IsImpressionOvercap  string `csv:"is_impression_overcap" key:"is_impression_overcap" kind:"flag" help:"yes: impressions above the cap are stopped"`
	NoticePercentOvercap string `csv:"notice_percent_overcap" key:"notice_percent_overcap" kind:"int" min:"0" max:"100" help:"percent of the daily cap at which to warn"`
	CapsTimezone         string `csv:"caps_timezone" key:"caps_timezone" kind:"zone" help:"the time zone in which caps are counted"`
	CapsStatus           string `csv:"caps_status" key:"caps_status[]" kind:"enum" of:"confirmed,pending,hold,declined" help:"which conversions count towards the caps"`
	CapsGoalOvercap      string `csv:"caps_goal_overcap" key:"caps_goal_overcap" kind:"text" token:"yes" help:"the goal that conversions above the cap get"`
	EnabledTiers         string `csv:"enabled_commission_tiers" key:"enabled_commission_tiers" kind:"flag" help:"yes: the commission tiers are on"`

	StrictlyCountry        string `csv:"strictly_country" key:"strictly_country" kind:"flag" group:"Strict checks" help:"yes: the country is checked strictly"`
	StrictlyConnectionType string `csv:"strictly_connection_type" key:"strictly_connection_type" kind:"enum" of:"wi-fi,cellular" help:"the only connection that is let in; blank: every one"`
	StrictlyDevices        string `csv:"strictly_devices" key:"strictly_devices[]" kind:"enum" of:"mediahub,mobile,ereader,console,tv,tablet,desktop,smartwatch" help:"the only devices that are let in"`
	StrictlyBrands         string `csv:"strictly_brands" key:"strictly_brands[]" kind:"text" help:"the only device brands that are let in"`
	RestrictionOS          string `csv:"restriction_os" key:"restriction_os" read:"strictly_os" kind:"oses" values:"oses" help:"strict check of the operating system with its versions: Android >=10, <14; iOS"`
	RestrictionISP         string `csv:"restriction_isp" key:"restriction_isp" kind:"isps" help:"strict check of the provider: US: Comcast; DE: Telekom"`
	PersonalTargetingOnly  string `csv:"consider_personal_targeting_only" key:"consider_personal_targeting_only" kind:"truefalse" help:"yes: an affiliate with a personal target group is held to that one alone"`
	AllowedIP              string `csv:"allowed_ip" key:"allowed_ip" kind:"ips" help:"addresses that may send conversions, one a line: 192.0.2.1, 192.0.2.1-192.0.2.9, 192.0.2.0/24"`
	DisallowedIP           string `csv:"disallowed_ip" key:"disallowed_ip" kind:"ips" help:"addresses that may not send conversions, one a line"`
	SubAccount1            string `csv:"sub_account_1" key:"sub_account_1" read:"sub_accounts[1][value]" kind:"subvalues" help:"allowed values of sub1, separated by commas"`
	SubAccount1Except      string `csv:"sub_account_1_except" key:"sub_account_1_except" read:"sub_accounts[1][except]" kind:"flag" help:"yes: sub_account_1 lists what is blocked"`
	SubAccount2            string `csv:"sub_account_2" key:"sub_account_2" read:"sub_accounts[2][value]" kind:"subvalues" help:"allowed values of sub2, separated by commas"`
	SubAccount2Except      string `csv:"sub_account_2_except" key:"sub_account_2_except" read:"sub_accounts[2][except]" kind:"flag" help:"yes: sub_account_2 lists what is blocked"`
	HashPassword           string `csv:"hash_password" key:"hash_password" kind:"text" help:"the password of signed links"`

	MacrosReplacementEnabled string `csv:"macros_replacement_enabled" key:"macros_replacement_enabled" read:"-" kind:"flag" group:"More" help:"yes: subs are replaced; only where the account has the feature"`
	MacrosReplacement1       string `csv:"macros_replacement_sub1" key:"macros_replacement[sub1]" read:"-" kind:"text" help:"what replaces sub1"`
	MacrosReplacement2       string `csv:"macros_replacement_sub2" key:"macros_replacement[sub2]" read:"-" kind:"text" help:"what replaces sub2"`
	MacrosReplacement3       string `csv:"macros_replacement_sub3" key:"macros_replacement[sub3]" read:"-" kind:"text" help:"what replaces sub3"`
	MacrosReplacement4       string `csv:"macros_replacement_sub4" key:"macros_replacement[sub4]" read:"-" kind:"text" help:"what replaces sub4"`
	MacrosReplacement5       string `csv:"macros_replacement_sub5" key:"macros_replacement[sub5]" read:"-" kind:"text" help:"what replaces sub5"`
	MacrosReplacement6       string `csv:"macros_replacement_sub6" key:"macros_replacement[sub6]" read:"-" kind:"text" help:"what replaces sub6"`
	MacrosReplacement7       string `csv:"macros_replacement_sub7" key:"macros_replacement[sub7]" read:"-" kind:"text" help:"what replaces sub7"`
	MacrosReplacement8       string `csv:"macros_replacement_sub8" key:"macros_replacement[sub8]" read:"-" kind:"text" help:"what replaces sub8"`
	MacrosReplacement9       string `csv:"macros_replacement_sub9" key:"macros_replacement[sub9]" read:"-" kind:"text" help:"what replaces sub9"`
	MacrosReplacement10      string `csv:"macros_replacement_sub10" key:"macros_replacement[sub10]" read:"-" kind:"text" help:"what replaces sub10"`
	SkadAppID                string `csv:"skad_app_id" key:"skad_app_id" kind:"text" token:"yes" help:"the app's id for SKAdNetwork"`
	ProductFeedID            string `csv:"product_feed_id" key:"product_feed_id" kind:"text" token:"yes" help:"the id of the product feed"`
	SmartlinkCategories      string `csv:"smartlink_categories" key:"smartlink_categories[]" kind:"id24" help:"ids of the smartlink categories"`
	AutoOfferConnect         string `csv:"auto_offer_connect" key:"auto_offer_connect" read:"-" kind:"flag" help:"yes: affiliates are connected by themselves"`
	SendEmails               string `csv:"send_emails" key:"send_emails" read:"-" kind:"flag" help:"yes: affiliates are told by e-mail"`

	Logo                  string `csv:"logo" key:"logo" read:"-" kind:"file" group:"Files and creatives" help:"an image beside the sheet: jpeg, png or gif"`
	CreativeFiles         string `csv:"creative_files" key:"creativeFiles[]" read:"-" kind:"file" help:"creatives beside the sheet: jpeg, png, gif or zip"`
	CreativeFileTitles    string `csv:"creative_file_titles" key:"creativeFileTitles[]" read:"-" kind:"text" help:"their titles, in the same order"`
	CreativeAssets        string `csv:"creative_assets" key:"creativeAssets[]" read:"-" kind:"file" help:"files that HTML creatives use"`
	CreativeURLs          string `csv:"creative_urls" key:"creativeUrls[]" read:"-" kind:"text" help:"addresses of creatives"`
	CreativeURLTitles     string `csv:"creative_url_titles" key:"creativeUrlTitles[]" read:"-" kind:"text" help:"their titles, in the same order"`
	CreativeDownloads     string `csv:"creative_downloads" key:"creativeDownloads[]" read:"-" kind:"text" help:"addresses of creatives to download"`
	CreativeDownloadTitle string `csv:"creative_download_titles" key:"creativeDownloadTitles[]" read:"-" kind:"text" help:"their titles, in the same order"`
	Creatives             string `csv:"creatives" key:"creatives" read:"-" kind:"creatives" help:"in an update, the creatives to keep: banner.png 300x250; top.png 728x90"`
}

// Payout is a row of the Payouts sheet: general, or personal where it names
// affiliates. Revenue is what the affiliate gets, Total what the advertiser
// pays: the API's names mislead.
type Payout struct {
	Offer          string `csv:"offer" kind:"parent" also:"external_offer_id,offer id,offer key" eg:"summer-01" help:"the offer's external_offer_id"`
	ID             string `csv:"id" key:"id" kind:"text" token:"yes" also:"payment id,payout id" help:"in an update, the id of the payout to change"`
	Affiliates     string `csv:"affiliates" key:"partners[]" kind:"id" also:"affiliate,affiliate ids,partner" ids:"affiliates" help:"affiliates by their ids or names: the payout is personal, for these alone"`
	Title          string `csv:"title" key:"title" kind:"text" eg:"Install" help:"the payout's name"`
	Goal           string `csv:"goal" key:"goal" kind:"text" token:"yes" also:"goal value,event" eg:"install" help:"the goal value that the postback carries"`
	Type           string `csv:"type" key:"type" kind:"enum" of:"fixed,percent,mixed,cpc,cpm,first_cpa,first_cps,baseline_onetime,baseline_accumulating" need:"create" also:"payout type,payment type,model" eg:"fixed" help:"how the payout is counted"`
	Currency       string `csv:"currency" key:"currency" kind:"currency" need:"create" eg:"USD" help:"three letters, such as USD"`
	Total          string `csv:"total" key:"total" kind:"money" min:"0" also:"advertiser pays,advertiser payout" eg:"2.00" help:"what the advertiser pays you"`
	Revenue        string `csv:"revenue" key:"revenue" kind:"money" min:"0" also:"affiliate payout,affiliate gets,payout" eg:"1.40" help:"what the affiliate gets: despite its name this is the affiliate's payout"`
	Countries      string `csv:"countries" key:"countries[]" kind:"country" also:"country,geo,geos" eg:"US, CA" help:"countries in which it counts; blank: all"`
	CountryExclude string `csv:"country_exclude" key:"country_exclude" kind:"flag" help:"yes: it counts everywhere but in these countries"`
	Cities         string `csv:"cities" key:"cities[]" kind:"id" also:"city" ids:"cities" help:"cities by their ids, or names with their country: US:Chicago"`
	Devices        string `csv:"devices" key:"devices[]" kind:"enum" of:"mediahub,mobile,ereader,console,tv,tablet,desktop,smartwatch" also:"device" help:"devices on which it counts"`
	OS             string `csv:"os" key:"os[]" kind:"text" token:"yes" values:"oses" also:"operating systems" eg:"iOS" help:"operating systems on which it counts"`
	Sub1           string `csv:"sub1" key:"sub1" kind:"text" help:"values of sub1, separated by commas"`
	Sub2           string `csv:"sub2" key:"sub2" kind:"text" help:"values of sub2, separated by commas"`
	Sub3           string `csv:"sub3" key:"sub3" kind:"text" help:"values of sub3, separated by commas"`
	Sub4           string `csv:"sub4" key:"sub4" kind:"text" help:"values of sub4, separated by commas"`
	Sub5           string `csv:"sub5" key:"sub5" kind:"text" help:"values of sub5, separated by commas"`
	Sub6           string `csv:"sub6" key:"sub6" kind:"text" help:"values of sub6, separated by commas"`
	Sub7           string `csv:"sub7" key:"sub7" kind:"text" help:"values of sub7, separated by commas"`
	Sub8           string `csv:"sub8" key:"sub8" kind:"text" help:"values of sub8, separated by commas"`
	CustomField1   string `csv:"custom_field1" key:"custom_field1" kind:"text" help:"values of custom field 1, separated by commas"`
	CustomField2   string `csv:"custom_field2" key:"custom_field2" kind:"text" help:"values of custom field 2, separated by commas"`
	CustomField3   string `csv:"custom_field3" key:"custom_field3" kind:"text" help:"values of custom field 3, separated by commas"`
	CustomField4   string `csv:"custom_field4" key:"custom_field4" kind:"text" help:"values of custom field 4, separated by commas"`
	CustomField5   string `csv:"custom_field5" key:"custom_field5" kind:"text" help:"values of custom field 5, separated by commas"`
	CustomField6   string `csv:"custom_field6" key:"custom_field6" kind:"text" help:"values of custom field 6, separated by commas"`
	CustomField7   string `csv:"custom_field7" key:"custom_field7" kind:"text" help:"values of custom field 7, separated by commas"`
	CustomField8   string `csv:"custom_field8" key:"custom_field8" kind:"text" help:"values of custom field 8, separated by commas"`
	CustomField9   string `csv:"custom_field9" key:"custom_field9" kind:"text" help:"values of custom field 9, separated by commas"`
	CustomField10  string `csv:"custom_field10" key:"custom_field10" kind:"text" help:"values of custom field 10, separated by commas"`
	CustomField11  string `csv:"custom_field11" key:"custom_field11" kind:"text" help:"values of custom field 11, separated by commas"`
	CustomField12  string `csv:"custom_field12" key:"custom_field12" kind:"text" help:"values of custom field 12, separated by commas"`
	CustomField13  string `csv:"custom_field13" key:"custom_field13" kind:"text" help:"values of custom field 13, separated by commas"`
	CustomField14  string `csv:"custom_field14" key:"custom_field14" kind:"text" help:"values of custom field 14, separated by commas"`
	CustomField15  string `csv:"custom_field15" key:"custom_field15" kind:"text" help:"values of custom field 15, separated by commas"`
	URL            string `csv:"url" key:"url" kind:"url" macros:"click" help:"an own tracking URL for this payout"`
	BaselineValue  string `csv:"baseline_value" key:"baseline_value" kind:"money" min:"0" help:"the baseline, for the two baseline types"`
}

// Cap is a row of the Caps sheet.
type Cap struct {
	Offer         string `csv:"offer" kind:"parent" also:"external_offer_id,offer id,offer key" eg:"summer-01" help:"the offer's external_offer_id"`
	Period        string `csv:"period" key:"period" kind:"enum" of:"hour,day,month,all" need:"create" also:"cap period" eg:"day" help:"the period: hour (where the account has it), day, month, all"`
	Type          string `csv:"type" key:"type" kind:"enum" of:"budget,conversions,clicks,impressions" need:"create" also:"cap type" eg:"conversions" help:"what is counted"`
	Value         string `csv:"value" key:"value" kind:"money" min:"0" need:"create" also:"cap,limit,amount" eg:"100" help:"the limit: a whole number; a budget may have decimals"`
	GoalType      string `csv:"goal_type" key:"goal_type" kind:"enum" of:"all,each,exact" help:"all goals together, each goal, or exactly those in goals"`
	Goals         string `csv:"goals" key:"goals[]" kind:"text" token:"yes" also:"goal" help:"the goals, where goal_type is exact"`
	AffiliateType string `csv:"affiliate_type" key:"affiliate_type" kind:"enum" of:"all,each,exact" help:"all affiliates together, each affiliate, or exactly those in affiliates"`
	Affiliates    string `csv:"affiliates" key:"affiliates[]" kind:"id" also:"affiliate,affiliate ids" ids:"affiliates" help:"affiliates by their ids or names, where affiliate_type is exact"`
	CountryType   string `csv:"country_type" key:"country_type" kind:"enum" of:"all,each,exact" help:"all countries together, each country, or exactly those in country"`
	Country       string `csv:"country" key:"country[]" kind:"country" also:"countries,geo" help:"the countries, where country_type is exact"`
	SubNumber     string `csv:"sub_number" key:"sub_number" kind:"int" min:"2" max:"2" help:"the sub that the cap is for: 2"`
	SubValue      string `csv:"sub_value" key:"sub_value[]" kind:"text" also:"sub values" help:"the values of that sub"`
}

// Target is a row of the Targeting sheet, one target group: general, or
// personal where it names affiliates.
type Target struct {
	Offer              string `csv:"offer" kind:"parent" also:"external_offer_id,offer id,offer key" eg:"summer-01" help:"the offer's external_offer_id"`
	ID                 string `csv:"id" key:"id" kind:"text" token:"yes" help:"in an update, the id of the group to change"`
	Name               string `csv:"name" key:"name" kind:"text" also:"group name" eg:"Mobile US" help:"the group's name"`
	Enabled            string `csv:"enabled" key:"enabled" kind:"flag" help:"no: the group is off"`
	Condition          string `csv:"condition" key:"condition" kind:"enum" of:"and,or" help:"whether all criteria must hold, or one"`
	Affiliates         string `csv:"affiliates" key:"affiliate_id[]" kind:"id" also:"affiliate_id,affiliate,affiliate ids" ids:"affiliates" help:"affiliates by their ids or names: the group is personal, for these alone"`
	CountryAllow       string `csv:"country_allow" key:"country[allow][]" kind:"country" also:"countries,country,geo" eg:"US, CA" help:"countries that are let in"`
	CountryDeny        string `csv:"country_deny" key:"country[deny][]" kind:"country" also:"blocked countries" help:"countries that are kept out"`
	RegionAllow        string `csv:"region_allow" key:"region[allow]" kind:"ids by country" ids:"regions" help:"regions by country, ids or names: US:33, US:Texas"`
	RegionDeny         string `csv:"region_deny" key:"region[deny]" kind:"ids by country" ids:"regions" help:"regions that are kept out, likewise"`
	CityAllow          string `csv:"city_allow" key:"city[allow]" kind:"ids by country" ids:"cities" help:"cities by country, ids or names: US:5128581, US:Chicago"`
	CityDeny           string `csv:"city_deny" key:"city[deny]" kind:"ids by country" ids:"cities" help:"cities that are kept out, likewise"`
	ISPAllow           string `csv:"isp_allow" key:"isp[allow]" kind:"names by country" help:"providers by country: US:Comcast, US:Verizon"`
	ISPDeny            string `csv:"isp_deny" key:"isp[deny]" kind:"names by country" help:"providers that are kept out"`
	OSAllow            string `csv:"os_allow" key:"os[allow]" kind:"versions" values:"oses" also:"os" eg:"Android >= 6.0; iOS" help:"operating systems, with versions: Android >= 6.0; iOS"`
	OSDeny             string `csv:"os_deny" key:"os_deny" kind:"flag" help:"yes: os_allow lists what is kept out"`
	BrowserAllow       string `csv:"browser_allow" key:"browser[allow][]" kind:"text" token:"yes" values:"browsers" also:"browsers,browser" help:"browsers that are let in"`
	BrowserDeny        string `csv:"browser_deny" key:"browser[deny][]" kind:"text" token:"yes" values:"browsers" help:"browsers that are kept out"`
	BrowserVersionAll  string `csv:"browser_version_allow" key:"browser_version[allow]" kind:"versions" values:"browsers" help:"browsers with versions: Chrome >= 100; Safari"`
	BrowserVersionDeny string `csv:"browser_version_deny" key:"browser_version[deny]" kind:"versions" values:"browsers" help:"browsers with versions that are kept out"`
	BrandAllow         string `csv:"brand_allow" key:"brand[allow][]" kind:"text" token:"yes" help:"device brands that are let in"`
	BrandDeny          string `csv:"brand_deny" key:"brand[deny][]" kind:"text" token:"yes" help:"device brands that are kept out"`
	DeviceModelAllow   string `csv:"device_model_allow" key:"device_model[allow][]" kind:"text" token:"yes" help:"device models that are let in"`
	DeviceModelDeny    string `csv:"device_model_deny" key:"device_model[deny][]" kind:"text" token:"yes" help:"device models that are kept out"`
	DeviceType         string `csv:"device_type" key:"device_type[]" kind:"enum" of:"mediahub,mobile,ereader,console,tv,tablet,desktop,smartwatch" also:"devices,device" eg:"mobile, tablet" help:"devices that are let in"`
	DeviceTypeDeny     string `csv:"device_type_deny" key:"device_type_deny" kind:"flag" help:"yes: device_type lists what is kept out"`
	Connection         string `csv:"connection" key:"connection[]" kind:"enum" of:"wi-fi,cellular" also:"connection type" help:"connections that are let in"`
	ConnectionDeny     string `csv:"connection_deny" key:"connection_deny" kind:"flag" help:"yes: connection lists what is kept out"`
	ZipAllow           string `csv:"zip_allow" key:"zip[allow][]" kind:"text" token:"yes" help:"postcodes that are let in"`
	ZipDeny            string `csv:"zip_deny" key:"zip[deny][]" kind:"text" token:"yes" help:"postcodes that are kept out"`
	UAAllow            string `csv:"ua_allow" key:"ua[allow][]" kind:"text" help:"user agents that are let in"`
	UADeny             string `csv:"ua_deny" key:"ua[deny][]" kind:"text" help:"user agents that are kept out"`
	UADenyCrawlers     string `csv:"ua_deny_crawlers" key:"ua[deny_crawlers]" kind:"flag" help:"yes: crawlers are kept out"`
	ReferrerAllow      string `csv:"referrer_allow" key:"referrer[allow][]" kind:"text" help:"referrers that are let in"`
	ReferrerDeny       string `csv:"referrer_deny" key:"referrer[deny][]" kind:"text" help:"referrers that are kept out"`
	ReferrerDenyEmpty  string `csv:"referrer_deny_empty" key:"referrer[deny_empty]" kind:"flag" help:"yes: clicks without a referrer are kept out"`
	ReferrerIsRegexp   string `csv:"referrer_is_regexp" key:"referrer[is_regexp]" kind:"flag" help:"yes: the referrers are regular expressions"`
	OrgAllow           string `csv:"isp_organization_allow" key:"isp_organization[allow][]" kind:"text" help:"organizations that are let in"`
	OrgDeny            string `csv:"isp_organization_deny" key:"isp_organization[deny][]" kind:"text" help:"organizations that are kept out"`
	OrgDenyEmpty       string `csv:"isp_organization_deny_empty" key:"isp_organization[deny_empty]" kind:"flag" help:"yes: clicks without an organization are kept out"`
	IPAllow            string `csv:"ip_allow" key:"ip[allow][]" kind:"ip" help:"addresses that are let in: 192.0.2.1, 192.0.2.1-192.0.2.9, 192.0.2.0/24, 2001:db8::/32"`
	IPDeny             string `csv:"ip_deny" key:"ip[deny][]" kind:"ip" help:"addresses that are kept out"`
	IPv6Deny           string `csv:"ip_ipv6_deny" key:"ip[ipv6_deny]" kind:"flag" help:"yes: IPv6 is kept out"`
	Sub1Allow          string `csv:"sub1_allow" key:"sub[allow][1][]" kind:"text" help:"values of sub1 that are let in"`
	Sub2Allow          string `csv:"sub2_allow" key:"sub[allow][2][]" kind:"text" help:"values of sub2 that are let in"`
	Sub3Allow          string `csv:"sub3_allow" key:"sub[allow][3][]" kind:"text" help:"values of sub3 that are let in"`
	Sub4Allow          string `csv:"sub4_allow" key:"sub[allow][4][]" kind:"text" help:"values of sub4 that are let in"`
	Sub5Allow          string `csv:"sub5_allow" key:"sub[allow][5][]" kind:"text" help:"values of sub5 that are let in"`
	Sub6Allow          string `csv:"sub6_allow" key:"sub[allow][6][]" kind:"text" help:"values of sub6 that are let in"`
	Sub7Allow          string `csv:"sub7_allow" key:"sub[allow][7][]" kind:"text" help:"values of sub7 that are let in"`
	Sub8Allow          string `csv:"sub8_allow" key:"sub[allow][8][]" kind:"text" help:"values of sub8 that are let in"`
	Sub1Deny           string `csv:"sub1_deny" key:"sub[deny][1][]" kind:"text" help:"values of sub1 that are kept out"`
	Sub2Deny           string `csv:"sub2_deny" key:"sub[deny][2][]" kind:"text" help:"values of sub2 that are kept out"`
	Sub3Deny           string `csv:"sub3_deny" key:"sub[deny][3][]" kind:"text" help:"values of sub3 that are kept out"`
	Sub4Deny           string `csv:"sub4_deny" key:"sub[deny][4][]" kind:"text" help:"values of sub4 that are kept out"`
	Sub5Deny           string `csv:"sub5_deny" key:"sub[deny][5][]" kind:"text" help:"values of sub5 that are kept out"`
	Sub6Deny           string `csv:"sub6_deny" key:"sub[deny][6][]" kind:"text" help:"values of sub6 that are kept out"`
	Sub7Deny           string `csv:"sub7_deny" key:"sub[deny][7][]" kind:"text" help:"values of sub7 that are kept out"`
	Sub8Deny           string `csv:"sub8_deny" key:"sub[deny][8][]" kind:"text" help:"values of sub8 that are kept out"`
	SubDenyGroups      string `csv:"sub_deny_groups" key:"sub[deny_groups]" kind:"subgroups" help:"combinations of subs that are kept out: sub1=a, sub2=b; sub3= (an empty value means an empty sub)"`
	BlockProxy         string `csv:"block_proxy" key:"block_proxy" kind:"flag" help:"yes: proxies are kept out"`
	BlockKnownBots     string `csv:"block_known_bots" key:"block_known_bots" kind:"flag" help:"yes: known bots are kept out"`
	URL                string `csv:"url" key:"url" kind:"url" macros:"click" help:"an own tracking URL for the group"`
	URLs               string `csv:"urls" key:"urls" kind:"weighted" macros:"click" help:"further tracking URLs with a weight 0 to 100, and a server-postback URL where there is one: https://a.example.com 50; https://b.example.com 50 https://spt.example.com"`
}

// Landing is a row of the Landings sheet.
type Landing struct {
	Offer      string `csv:"offer" kind:"parent" also:"external_offer_id,offer id,offer key" eg:"summer-01" help:"the offer's external_offer_id"`
	ID         string `csv:"id" key:"id" kind:"text" token:"yes" help:"in an update, the id of the landing to change; without it the landing is a new one"`
	Title      string `csv:"title" key:"title" kind:"text" need:"create" also:"name" eg:"Main page" help:"the landing's name"`
	URL        string `csv:"url" key:"url" kind:"url" macros:"click" need:"create" also:"landing url" eg:"https://track.example.com/lp?c={clickid}" help:"where a click goes"`
	PreviewURL string `csv:"url_preview" key:"url_preview" kind:"url" need:"create" also:"preview url,preview" eg:"https://www.example.com/lp" help:"the page as a visitor sees it"`
	Type       string `csv:"type" key:"type" kind:"enum" of:"landing,transit" default:"landing" help:"landing, or transit for a page before it"`
}

// CommissionTier is a row of the Commission tiers sheet.
type CommissionTier struct {
	Offer               string `csv:"offer" kind:"parent" also:"external_offer_id,offer id,offer key" eg:"summer-01" help:"the offer's external_offer_id"`
	Timeframe           string `csv:"timeframe" key:"timeframe" kind:"enum" of:"day,week,month,all" need:"create" eg:"month" help:"the time in which it is counted"`
	Type                string `csv:"type" key:"type" kind:"enum" of:"budget,conversions" need:"create" eg:"conversions" help:"what is counted"`
	Value               string `csv:"value" key:"value" kind:"money" min:"0" need:"create" eg:"100" help:"from how many on the tier holds"`
	ModifierValue       string `csv:"modifier_value" key:"modifier_value" kind:"money" need:"create" eg:"10" help:"how much the payout changes"`
	ModifierType        string `csv:"modifier_type" key:"modifier_type" kind:"enum" of:"by_fix,by_percent,to_fix,to_percent" need:"create" eg:"by_percent" help:"by an amount, by a percentage, to an amount, to a percentage"`
	ModifierPaymentType string `csv:"modifier_payment_type" key:"modifier_payment_type" kind:"enum" of:"payout,total,payout_and_total" default:"payout" help:"payout: what the affiliate gets; total: what the advertiser pays"`
	Goals               string `csv:"goals" key:"goals[]" kind:"text" token:"yes" help:"goals that are counted"`
	TargetGoals         string `csv:"target_goals" key:"target_goals[]" kind:"text" token:"yes" help:"goals whose payout changes"`
	AffiliateType       string `csv:"affiliate_type" key:"affiliate_type" kind:"enum" of:"all,exact,each" default:"each" help:"all affiliates together, each affiliate, or exactly those in affiliates"`
	Affiliates          string `csv:"affiliates" key:"affiliates[]" kind:"id" also:"affiliate,affiliate ids" ids:"affiliates" help:"affiliates by their ids or names, where affiliate_type is exact"`
	Countries           string `csv:"countries" key:"countries[]" kind:"country" also:"country,geo" help:"countries in which it counts"`
	ConversionStatus    string `csv:"conversion_status" key:"conversion_status[]" kind:"enum" of:"confirmed,pending,declined,hold" help:"which conversions are counted"`
}

// HTMLCreative is a row of the Html creatives sheet.
type HTMLCreative struct {
	Offer        string `csv:"offer" kind:"parent" also:"external_offer_id,offer id,offer key" eg:"summer-01" help:"the offer's external_offer_id"`
	Name         string `csv:"name" key:"name" kind:"text" need:"create" also:"title" eg:"Banner" help:"the creative's name"`
	Width        string `csv:"width" key:"width" kind:"int" min:"1" max:"100000" eg:"300" help:"width in pixels"`
	Height       string `csv:"height" key:"height" kind:"int" min:"1" max:"100000" eg:"250" help:"height in pixels"`
	Code         string `csv:"code" key:"code" kind:"text" need:"create" also:"html" eg:"<b>Play</b>" help:"the HTML"`
	AssetMapping string `csv:"asset_mapping" key:"asset_mapping" kind:"json" help:"which asset stands for which name in the code, as JSON: {\"aaa\":0}"`
}

// SubRestriction is a row of the Sub restrictions sheet: values of subs that
// are blocked together.
type SubRestriction struct {
	Offer string `csv:"offer" kind:"parent" also:"external_offer_id,offer id,offer key" eg:"summer-01" help:"the offer's external_offer_id"`
	Sub1  string `csv:"sub1" key:"sub1" kind:"text" eg:"source-7" help:"the value of sub1"`
	Sub2  string `csv:"sub2" key:"sub2" kind:"text" eg:"placement-3" help:"the value of sub2"`
	Sub3  string `csv:"sub3" key:"sub3" kind:"text" help:"the value of sub3"`
	Sub4  string `csv:"sub4" key:"sub4" kind:"text" help:"the value of sub4"`
	Sub5  string `csv:"sub5" key:"sub5" kind:"text" help:"the value of sub5"`
	Sub6  string `csv:"sub6" key:"sub6" kind:"text" help:"the value of sub6"`
	Sub7  string `csv:"sub7" key:"sub7" kind:"text" help:"the value of sub7"`
	Sub8  string `csv:"sub8" key:"sub8" kind:"text" help:"the value of sub8"`
}
