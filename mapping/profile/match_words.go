package profile

import "sync"

// meaning is what a column of an unknown file can be.
type meaning struct {
	name  string
	words []string // names that such columns have, in lower case
	not   []string // words that say that it is something else
	help  string
	fits  func(l *look, col int) float64 // how the values look: -1 to 1
}

// Meanings are the names of all that a column can be taken for.
func Meanings() []string {
	var names []string
	for _, m := range meanings() {
		names = append(names, m.name)
	}
	return names
}

// MeaningHelp says in words what a meaning is.
func MeaningHelp(name string) string {
	for _, m := range meanings() {
		if m.name == name {
			return m.help
		}
	}
	return ""
}

// Looks of values, each for a kind of column.

func mostly(share float64) float64 {
	switch {
	case share > 0.85:
		return 1
	case share > 0.5:
		return 0.4
	case share > 0.2:
		return 0
	}
	return -0.7
}

func fitMoney(l *look, _ int) float64 {
	if s := l.share(l.numbers); s < 0.8 {
		return mostly(s) - 0.5
	}
	if l.decimals > 0 {
		return 0.6
	}
	return 0.1
}

func fitCount(l *look, _ int) float64 {
	if l.share(l.numbers) < 0.8 {
		return -0.7
	}
	if l.integers == l.filled {
		return 0.5
	}
	return 0
}

func fitText(l *look, _ int) float64 {
	switch {
	case l.share(l.numbers) > 0.5 || l.share(l.urls) > 0.5 || l.share(l.dates) > 0.5:
		return -0.8
	case l.share(l.long)+l.share(l.html) > 0.5:
		return 0.8
	}
	return 0.1
}

func fitDate(l *look, _ int) float64 { return mostly(l.share(l.dates)) }

func fitKey(l *look, col int) float64 {
	switch {
	case !l.unique() || l.share(l.long) > 0.2 || l.share(l.urls) > 0 || l.share(l.dates) > 0.5:
		return -0.5
	case l.integers == l.filled && col == 0, l.share(l.codes) > 0.85:
		return 1
	case l.integers == l.filled:
		return 0.4
	case l.titles == 0 && col == 0:
		return 0.6
	}
	return 0
}

func fitTitle(l *look, _ int) float64 {
	switch {
	case l.share(l.numbers) > 0.5 || l.share(l.urls) > 0.1 || l.share(l.dates) > 0.3 || l.share(l.long) > 0.7:
		return -0.8
	case l.share(l.titles) > 0.6 && float64(len(l.seen)) > 0.8*float64(l.filled):
		return 1
	}
	return 0.1
}

func fitWord(l *look, _ int) float64 {
	if l.share(l.numbers) > 0.8 || l.share(l.urls) > 0.2 || l.share(l.dates) > 0.5 || l.share(l.long) > 0.5 {
		return -0.6
	}
	return 0.3
}

// fitGroup: what puts offers together comes more than once, or is short.
func fitGroup(l *look, col int) float64 {
	if l.unique() && l.share(l.titles) > 0.6 {
		return -0.3
	}
	return fitWord(l, col)
}

// fitTags: of one offer there are several.
func fitTags(l *look, col int) float64 {
	if l.share(l.lists) > 0.4 {
		return fitGroup(l, col) + 0.3
	}
	return fitGroup(l, col)
}

func fitID(l *look, _ int) float64 {
	switch {
	case l.share(l.hexes) > 0.8:
		return 0.9
	case l.share(l.urls) > 0.1 || l.share(l.dates) > 0.5 || l.share(l.long) > 0.2 || l.decimals > l.filled/2:
		return -0.6
	}
	return 0.3
}

func fitTracking(l *look, _ int) float64 {
	switch {
	case l.share(l.urls) < 0.5:
		return -1
	case l.share(l.tracking) > 0.5:
		return 1
	}
	return 0
}

func fitPage(l *look, _ int) float64 {
	switch {
	case l.share(l.urls) < 0.5 || l.share(l.files) > 0.5:
		return -1
	case l.share(l.tracking) > 0.5:
		return 0
	}
	return 0.9
}

func fitFlag(l *look, _ int) float64 { return mostly(l.share(l.flags)) * 0.6 }

func fitOf(count func(*look) int) func(*look, int) float64 {
	return func(l *look, _ int) float64 { return mostly(l.share(count(l))) }
}

// fitStatus: what may be a status may be a privacy too, where all is open.
func fitStatus(l *look, _ int) float64 {
	return max(mostly(l.share(l.status)), 0.3*mostly(l.share(l.flags)))
}

// A word that ends in * stands for all that begin so; words of other languages
// are there as English, German, Russian, Spanish and French sheets have them.
var meanings = sync.OnceValue(func() []meaning {
	return []meaning{
		{"key", words("id, offer id, campaign id, program id, programme id, nr, no, number, ref, ref no, reference, key, code, sku, offer code, offer number, oid, cid, pid, uid, external id, kennung, nummer, angebots nr, id oferty, номер, ид, айди, id оффер*, код, numero, número, clave, código, codigo, codice, kod, numer, aktions nr, kampagnen nr, référence"),
			words("advertiser, affiliate, publisher, category, manager, app, network, account, parent, goal, group, url, link, country, package, client, brand, merchant, bundle, store, user, row, line, kunde, рекламодател*, kunden, partner"), "the offer's id there", fitKey},
		{"title", words("title, name, offer, campaign, offer name, campaign name, program name, program, merchant program, offer title, product, product name, app name, promo, promo name, label, headline, advert name, display name, angebot, titel, kampagne, angebotsname, bezeichnung, aktion, nombre, oferta, campaña, nom, offre, campagne, назван*, оффер, кампани*, наименован*, имя, nome, offerta, campagna, nazwa, oferta, kampania"),
			words("advertiser, affiliate, manager, category, company, client, brand, merchant, file, domain, goal, event, user, store, package, contact, publisher, account, vertical, network, image, id, ид, nr, рекламодател*, kunde, type, tip*, url, link, status"), "the offer's name", fitTitle},
		{"advertiser", words("advertiser, advertiser id, advertiser name, brand, merchant, client, customer, company, partner company, merchant id, merchant name, brand name, client name, client company, network, advertiser account, supplier, vendor, sponsor, demand partner, demand, developer, werbetreibender, werbekunde, kunde*, sold by, auftraggeber, mandant, firma, marke, händler, anunciante, cliente, empresa, marca, annonceur, client, marque, рекламодател*, клиент*, бренд*, заказчик*, компани*, рекл, inserzionista, azienda, anunciante, reklamodawca, klient, firma"),
			words("url, link, price, payout, cost, pays, pay, rate, email, amount, revenue, manager, terms, contact, preis, ставк*, bid, budget, цен*"), "the advertiser's id or name there", fitID},
		{"url", words("url, link, tracking url, tracking link, offer url, destination url, click url, landing url, target url, offer link, redirect url, default url, destination, final url, final link, tracker, tracking, click link, click tracker, landing page url, default landing page, landing page, trk url, trk link, deeplink url, track link, advertiser link, advertiser url, click through, ziel url, ziellink, trackinglink, klick url, enlace, enlace de seguimiento, lien, lien de tracking, ссылк*, трекинг* ссылк*, целев* ссылк*, урл, link di tracciamento, link śledzący, adres"),
			words("preview, logo, image, banner, creative, terms, impression, imp, pixel, postback, support, fallback, trafficback, icon, thumbnail, suppression, unsubscribe, privacy, store, site, home, vorschau, превью, bild"), "where a click goes, with macros", fitTracking},
		{"url_preview", words("preview, preview url, preview link, website, site, lp preview, landing preview, home page, homepage, store url, app url, store link, web site, public url, page preview, lp, product page, product url, website url, vorschau, vorschau link, webseite, vista previa, página, sitio, aperçu, превью, предпросмотр*, сайт*, лендинг*, anteprima, sito, pagina, podgląd, strona, zielseite"),
			words("tracking, click, logo, image, banner, creative, pixel, postback, icon, thumbnail, terms, impression, privacy"), "the page as a visitor sees it", fitPage},
		{"status", words("status, state, availability, offer status, campaign status, campaign state, active, live, is active, lifecycle, enabled, on off, running, zustand, aktiv, estado, statut, état, статус*, состояни*, активн*, вкл, stato, stan"), words("conversion, payout, advertiser, link, check, from, to, until, since, region, country"), "active, paused …", fitStatus},
		{"privacy", words("privacy, visibility, access, offer type access, require approval, approval, visible, access type, public private, public or private, permission, audience, approval type, who can join, who can run, who can promote, who sees it, joining, sichtbarkeit, freigabe, zugang, zugriff, visibilidad, acceso, visibilité, accès, доступ*, видимост*, приватност*, visibilità, accesso, widoczność, dostęp"), words("url, link, page, policy"), "who may see it", fitOf(func(l *look) int { return l.privacy })},
		{"description", words("description, desc, notes for partners, notes for affiliates, notes for publishers, details, about, offer description, terms, long description, restrictions, rules, summary, info, offer details, public description, traffic rules, conditions, beschreibung, bedingungen, regeln, descripción, descripcion, condiciones, règles, описани*, услови*, правила, ограничени*, descrizione, condizioni, descrição, opis, warunki"), words("internal, url, kpi, private, intern, внутрен*"), "the text for affiliates", fitText},
		{"kpi", words("kpi, kpis, goal kpi, kpi text, quality, targets, performance target, quality kpi, kpi requirements, qualität*, vorgaben, calidad, qualité, кпи, качеств*, success criteria, criteria, requirements, qualità, wymagania"), words("event"), "what is expected of the traffic", fitText},
		{"notes", words("note, notes, internal note, internal notes, comment, comments, remark, remarks, internal remarks, private note, memo, admin notes, manager notes, staff notes, internal comment, internal, intern*, staff memo, bemerkung, bemerkungen, notiz, notizen, anmerkung, kommentar, nota, notas, comentario, remarque, commentaire, комментари*, заметк*, примечани*, note interne, uwagi, notatki, notes am"), words("partners, partner, affiliates, affiliate, publishers, publisher, public, вебмастер*, öffentlich"), "a note for your team", fitText},
		{"categories", words("category, categories, vertical, verticals, niche, industry, sector, topic, group, vertical name, segment, genre, theme, themes, kategorie, branche, thema, categoría, categoria, sector, catégorie, secteur, категори*, вертикал*, тематик*, ниша, settore, setor, kategoria, branża"), nil, "the category's name there", fitGroup},
		{"tags", words("tags, tag, labels, label, keywords, themes, topics, kw, schlagworte, stichworte, etiquetas, mots clés, теги, метки"), nil, "tags", fitTags},
		{"start_at", words("start*, start date, flight start, launch*, launch date, begin, valid from, from, live from, live date, date live, go live, start time, date start, start at, active from, begins, beginn, startdatum, gültig ab, läuft ab, laufzeit von, inicio, fecha de inicio, début, date de début, inizio, data inizio, początek, início, начал*, дата начал*, старт*, запуск*, запущен*, startet am"),
			words("created, updated, modified, expiration, traffic, end, bis, until, angelegt, erstellt, geändert, создан*, изменен*, обновл*, окончан*"), "the day on which it starts", fitDate},
		{"stop_date", words("end*, end date, expiry, expiration, expiration date, expires, expire, closes*, valid until, valid to, until, stop date, live until, live to, to, date end, expiry date, end time, stop, deadline, active until, active till, last day, expires on, till, enddatum, ende, gültig bis, läuft bis, laufzeit bis, bis, fin, scadenza, fine, data fine, koniec, término, flight end, fecha de fin, hasta, date de fin, jusqu, окончан*, дата окончан*, zakończ*, data zakończenia, закрыт*, конец, дата конца, действ* до, до, завершен*"),
			words("created, updated, modified, start, from, ab, angelegt, erstellt, geändert, создан*, изменен*, обновл*, начал*"), "the day on which it stops", fitDate},
		{"currency", words("currency, ccy, curr, currency code, cur, payout currency, money, iso currency, währung, waehrung, moneda, divisa, devise, monnaie, valuta, moeda, waluta, whrg, whg, валют*"), nil, "three letters, such as USD", fitOf(func(l *look) int { return l.currency })},
		{"type", words("type, model, payout type, pricing model, price model, payment type, payment model, commission type, commission model, deal type, deal, payout model, objective, price format, pricing, business model, conversion type, buying model, flow, billing type, billing, cost model, leadflow, offer type, modell, vergütungsmodell, abrechnung, abrechnungsmodell, modelo, tipo de pago, modèle, type de rémunération, модел*, модел* оплат*, тип оплат*, тип оффер*, modello, tipo, model rozliczenia, abrechnungsart, vergütungsart"),
			words("device, os, connection, conversion_tracking, cap, redirect, access, traffic, creative, cost per"), "how it is paid: CPA, CPC, percent …", fitOf(func(l *look) int { return l.model })},
		{"revenue", nil, nil, "what the affiliate gets", fitMoney},
		{"total", nil, nil, "what the advertiser pays", fitMoney},
		{"country_allow", words("country, countries, geo, geos, geo targeting, allowed countries, target countries, targeting, market, markets, region, geo allow, allowed geo, geo in, territory, territories, coverage, geo coverage, countries allowed, allowed geos, geo target, target geo, target geos, supported countries, where, land, länder, laender, zielländer, zielland, markt, märkte, país, países, mercado, pays, pays ciblés, marché, paesi, paese, mercato, kraj, kraje, regionen, стран*, гео, регион*"),
			words("blocked, excluded, banned, deny, block, code_phone, exclude, forbidden, not, verboten*, ausgeschlossen*, gesperrt*, запрещ*, исключ*, excluidos, exclus"), "countries that are let in", fitOf(func(l *look) int { return l.country })},
		{"country_deny", words("blocked countries, excluded countries, geo deny, banned countries, forbidden countries, blocked geo, excluded geos, country block, countries blocked, excluded geo, deny geo, geo out, geo not, no geo, not allowed countries, geo exclude, ausgeschlossene länder, gesperrte länder, verbotene länder, países excluidos, pays exclus, запрещ* стран*, запрещ* гео, исключ* стран*, кроме стран*"), nil, "countries that are kept out", fitOf(func(l *look) int { return l.country })},
		{"device_type", words("device, devices, device type, device types, allowed devices, gerät, geräte, endgeräte, dispositivo, dispositivos, appareils, dispositivi, urządzenia, устройств*"), words("blocked, excluded, deny, os, version"), "devices that are let in", fitOf(func(l *look) int { return l.devices })},
		{"os_allow", words("os, operating system, platform, platforms, operating systems, os targeting, allowed os, system, betriebssystem, plattform, sistema operativo, système, piattaforma, platforma, ос, платформ*, операционн* систем*"), words("blocked, excluded, deny, version, min, tracking"), "systems that are let in", fitOf(func(l *look) int { return l.systems })},
		{"bundle_id", words("bundle, bundle id, app id, package, package name, application id, app bundle, store id, app, appid, app package, pkg, paket, paquete, бандл, пакет"), words("url, link, name"), "the app's bundle or package", fitOf(func(l *look) int { return l.bundles })},
		{"goal", words("goal, event, goal name, event name, conversion goal, action, payable event, conversion event, payout event, conversion point, kpi event, target action, paid action, converts on, payable on, paid on, pays on, ziel, zielaktion, aktion, objetivo, evento, acción, objectif, événement, цель, целев* действ*, событи*, действи*"), words("kpi, url, type, cap, revenue, payout"), "the goal that is paid for", fitWord},
		{"cap_day", nil, nil, "conversions a day", fitCount},
		{"cap_month", nil, nil, "conversions a month", fitCount},
		{"cap_all", nil, nil, "conversions in all", fitCount},
		{"click_session", words("cookie, cookie days, cookie life, cookie duration, attribution window, attr window, cookie lifetime, cookie window, click lifetime, cookie length, lookback, lookback window, attribution days, click window, click attribution window, session, cookie laufzeit, cookielaufzeit, duración cookie, durée cookie, куки, кук, окно атрибуц*, время жизни"), words("impression, view"), "for how many days a click counts", fitCount},
		{"hold_period", words("hold, hold period, hold days, lock days, locking, locking period, validation period, validation, holding period, validation days, approval days, pending days, approval time, sperrfrist, prüffrist, freigabefrist, bestätigungsfrist, retención, validación, délai de validation, холд*, удержани*"), nil, "for how many days conversions are held", fitCount},
		{"is_top", words("top, featured, is top, highlight, top offer, is featured, hot, pick, recommended, promoted, empfohlen, tipp, destacado, recomendado, vedette, recommandé, топ, рекоменд*"), nil, "whether it is a top offer", fitFlag},
		{"allow_deeplink", words("deeplink, deep link, deep linking, deeplinks, allow deeplink, deeplinking, deep links, allows deep linking, deep link allowed, deeplink allowed, dl, dl ok, диплинк*"), words("url, domain, domains"), "whether affiliates may add deep links", fitFlag},
		{"trafficback_url", words("trafficback, traffic back, fallback, fallback url, fallback link, trafficback url, backup url, backup link, backup, redirect fallback, geo redirect, overflow url, ausweich url, трафикбек, трафбек"), words("logo, image, banner, creative, icon, thumbnail, pixel, postback, terms"), "where refused clicks go", fitPage},
	}
})
