package profile

import (
	"slices"
	"strings"
	"sync"
)

// Names of money and of caps are told by what their words say together, since
// people put them together in too many ways for a list: whose money it is, and
// who does what with it; how long a cap lasts. Each list has words as [meaning]
// has them.
type moneyWords struct {
	affiliate, advertiser, us []string // whose it is
	paid, earned              []string // amounts that are the affiliate's, and ours, where nothing says more
	gets, pays                []string // what the one named does
	bare                      []string // amounts that say nothing of a side
	not                       []string // amounts of something else
}

func words(list string) []string { return strings.Split(list, ", ") }

var moneyVocabulary = sync.OnceValue(func() moneyWords {
	return moneyWords{
		affiliate:  words("affiliate, affiliates, aff, publisher, publishers, pub, pubs, partner, partners, webmaster, webmasters, wm, media, creator, creators, influencer, out, ek, einkauf*, webmaster, affiliado, afiliado*, socio, affiliat*, wydawc*, afiliant*, affilié*, éditeur*, вебмастер*, веб, вебу, вм, аффилиат*, партн*, паблишер*, издател*"),
		advertiser: words("advertiser, advertisers, adv, demand, client, clients, customer, brand, merchant, sponsor, buyer, gross, in, vk, verkauf*, sell, selling, mandant*, werbekunde*, kunde*, auftraggeber*, werbetreibend*, brutto, anunciante*, cliente*, marca, inserzionist*, reklamodawc*, annonceur*, marque, рекламодател*, рекл, клиент*, бренд*, заказчик*, магазин*"),
		us:         words("we, our, us, my, network, agency, netzwerk, unser*, wir, nuestro*, red, notre, réseau, мы, нам, наш*, сет*"),
		paid:       words("payout, payouts, commission, reward, bounty, compenso, compensi, commissione, prowizja, stawka, pagamento, comissão, auszahlung, vergütung, provision, honorar, pago, comisión, comision, recompensa, rémunération, versement, выплат*, вознагражден*, отчислени*"),
		earned:     words("revenue, income, received, turnover, umsatz, erlös, einnahme*, ertrag, ingreso*, incasso, incassi, ricavo, ricavi, przychód, receita, revenu*, recette*, доход*, выручк*"),
		gets:       words("gets, get, receives, receive, earns, earn, bekommt, erhält, verdient, recibe, gana, reçoit, touche, получа*, зарабатыва*"),
		pays:       words("pays, pay, paid, pagan, paga, paie, zahlt, bezahlt, плат*"),
		bare:       words("amount, price, rate, cost, bid, total, charge, pay, earning, earnings, full price, invoice, fee, payable, due, share, take, cut, cpa, cpl, cpi, value, tariff, preis, betrag, satz, kosten, tarif, precio, prezzo, importo, cena, kwota, preço, valor, publisherpreis, kundenpreis, importe, tarifa, prix, montant, taux, ставк*, цен*, сумм*, стоимост*, тариф*, оплат*, $, €, £, %, usd, eur"),
		not:        words("cap, caps, limit*, budget*, margin, profit, epc, ecpm, epl, roi, spend, spent, balance, average, avg, aov, basket, cr, ctr, rating, currency, type, model, terms, date, event, goal, status, share of voice, hold, minimum, min, max, marge, gewinn, deckungsbeitrag, währung, modell, warenkorb, маржа, прибыл*, валют*, модел*, тип, лимит*, бюджет*, средн*, moneda, modelo, devise, modèle, conversion, conversions, clicks, success, refresh, frame, threshold"),
	}
})

// moneySide says whose money a column of a name holds: revenue or total, or
// nothing. It is sure where the name says so, and unsure where it names an amount
// and no side, or both.
func moneySide(tokens []string) (means string, score float64) {
	w := moneyVocabulary()
	has := func(list []string) bool { return anyWord(tokens, list) }
	affiliate, advertiser, us := has(w.affiliate), has(w.advertiser), has(w.us)
	gets, pays := has(w.gets), has(w.pays)
	amount := has(w.paid) || has(w.earned) || has(w.bare) || gets || pays
	switch {
	case has(w.not), !amount && !affiliate && !advertiser && !us:
		return "", 0
	case !amount: // a side alone, and what it holds must look like money
		return pick(affiliate, "revenue", "total"), 0.3
	case affiliate && (advertiser || us), advertiser && us, gets && pays:
		return pick(has(w.paid) && !has(w.earned), "revenue", "total"), 0.5
	case hasAny(tokens, "share", "split", "net", "netto", "доля"): // whose, and of what?
		return pick(affiliate || has(w.paid) && !advertiser, "revenue", "total"), pickScore(affiliate != advertiser || has(w.paid), 1, 0.5)
	case affiliate && pays, advertiser && gets:
		return pick(affiliate, "revenue", "total"), 0.5
	case affiliate:
		return "revenue", 1
	case advertiser:
		return "total", 1
	case us && (pays || has(w.paid) && !hasAny(tokens, "commission", "provision", "comisión", "comision")):
		return "revenue", 0.5
	case us:
		return "total", pickScore(gets || has(w.earned), 1, 0.7)
	case has(w.paid) && has(w.earned), has(w.paid) && pays && len(tokens) > 2:
		return "revenue", 0.5
	case has(w.paid):
		return "revenue", 1
	case has(w.earned):
		return "total", 1
	case hasAny(tokens, "they") && gets:
		return "revenue", 1
	case hasAny(tokens, "you", "your") && gets:
		return "revenue", 0.5
	}
	return pick(pays, "revenue", "total"), 0.5
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func pickScore(first bool, a, b float64) float64 {
	if first {
		return a
	}
	return b
}

func hasAny(tokens []string, words ...string) bool { return anyWord(tokens, words) }

// anyWord tells whether one of the words is among the tokens; one of several
// words must be there as a whole.
func anyWord(tokens, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return !slices.ContainsFunc(strings.Fields(word), func(part string) bool {
			return !slices.ContainsFunc(tokens, func(t string) bool { return sameWord(t, part) == 1 })
		})
	})
}

// anyLike is anyWord for single words that may be written short.
func anyLike(tokens, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.ContainsFunc(tokens, func(t string) bool { return sameWord(t, word) > 0 })
	})
}

// capWords are the words of names of caps.
type capWords struct {
	limit, counted, not []string // a cap; what is counted, which may stand for one; caps of something else
	day, month, all     []string // how long it lasts
}

var capVocabulary = sync.OnceValue(func() capWords {
	return capWords{
		limit:   words("cap, caps, limit*, max, maximum, volume, capping, quota, allowance, kappe, deckel, kontingent, tope, plafond, límite*, limite*, лимит*, капа, кап, квота, vol, limite, tetto, limity, объем*, объём*"),
		counted: words("conversions, leads, sales, installs, actions, signups, лид*, конверси*, продаж*, leads, verkäufe"),
		not:     words("weekly, week, wöchentlich*, woche*, wochen*, semanal, semaine, недел*, click*, hourly, hour, stündlich, budget*, payout*, revenue, spend, cost, type, timezone, zone, impression*, kosten, клик*, показ*, бюджет*, час*, rate, price, value, min, minimum"),
		day:     words("daily, day, days, d, tag*, täglich, diario, giornaliero, dzienn*, día, jour*, quotidien, дневн*, день, сутк*, суточн*, ежедневн*"),
		month:   words("monthly, month, months, m, monat*, mtl, mensual, mensile, miesięczn*, mes, mois, mensuel, месяц*, месячн*, ежемесячн*"),
		all:     words("total, overall, lifetime, global, all, t, gesamt*, insgesamt, completo, totale, общ*, всего, итог*"),
	}
})

// capPeriod says how long a cap of a name lasts: cap_day, cap_month or cap_all,
// or nothing where it is no cap of conversions.
func capPeriod(tokens []string) (means string, score float64) {
	for _, t := range tokens { // Monatslimit, Tageskontingent
		for _, end := range []string{"limit", "kontingent", "deckel"} {
			if period, ok := strings.CutSuffix(t, end); ok && period != "" {
				tokens = append([]string{period, "limit"}, tokens...)
			}
		}
	}
	w := capVocabulary()
	limit := anyWord(tokens, w.limit)
	if !limit && !anyWord(tokens, w.counted) || anyWord(tokens, w.not) {
		return "", 0
	}
	sure := pickScore(limit, 1, 0.75)
	switch {
	case anyLike(tokens, w.day):
		return "cap_day", sure
	case anyLike(tokens, w.month):
		return "cap_month", sure
	case anyLike(tokens, w.all):
		return "cap_all", sure
	case limit && len(tokens) == 1:
		return "cap_day", 0.6 // most caps are a day's
	}
	return "", 0
}
