package content

import (
	"fmt"
	"strings"
	"time"
)

const orderMapping = `{"properties":{"placed":{"type":"date"},"number":{"type":"keyword"},"customer":{"type":"keyword"},"country":{"type":"keyword"},` +
	`"total":{"type":"scaled_float","scaling_factor":100.0},"currency":{"type":"keyword"},"carrier":{"type":"keyword"},` +
	`"items":{"type":"nested","properties":{"product":{"type":"keyword"},"quantity":{"type":"integer"}}}}}`

type orderItem struct {
	Product  string `json:"product"`
	Quantity int    `json:"quantity"`
}

type order struct {
	Placed   string      `json:"placed"`
	Number   string      `json:"number"`
	Customer string      `json:"customer"`
	Country  string      `json:"country"`
	Total    float64     `json:"total"`
	Currency string      `json:"currency"`
	Carrier  string      `json:"carrier"`
	Items    []orderItem `json:"items"`
}

// order is one order of one to three goods.
func (g *generator) order(at time.Time, n int) (string, any) {
	o := order{
		Placed: stamp(at), Number: fmt.Sprintf("O-%d-%05d", at.Year(), n), Customer: fmt.Sprintf("C-%04d", g.rnd.IntN(400)), Country: pick(g.rnd, countries),
		Total: float64(g.rnd.IntN(40000)) / 100, Currency: pick(g.rnd, currency), Carrier: pick(g.rnd, carriers),
	}
	for range 1 + g.rnd.IntN(3) {
		o.Items = append(o.Items, orderItem{fmt.Sprintf("P-%03d", g.rnd.IntN(120)), 1 + g.rnd.IntN(3)})
	}
	return o.Number, o
}

const customerMapping = `{"properties":{"name":{"type":"text","fields":{"keyword":{"type":"keyword"}}},"city":{"type":"keyword"},"country":{"type":"keyword"},"since":{"type":"date"},"newsletter":{"type":"boolean"}}}`

type customer struct {
	Name       string `json:"name"`
	City       string `json:"city"`
	Country    string `json:"country"`
	Since      string `json:"since"`
	Newsletter bool   `json:"newsletter"`
}

const productMapping = `{"properties":{"title":{"type":"text","analyzer":"titles"},"colour":{"type":"keyword"},"price":{"type":"float"},"stock":{"type":"integer"},"suggest":{"type":"completion"}}}`

type product struct {
	Title   string  `json:"title"`
	Colour  string  `json:"colour"`
	Price   float64 `json:"price"`
	Stock   int     `json:"stock"`
	Suggest string  `json:"suggest"`
}

// analysis is what makes product titles findable; it must survive a migration.
var analysis = map[string]string{
	"index.analysis.analyzer.titles.type": "custom", "index.analysis.analyzer.titles.tokenizer": "standard",
	"index.analysis.analyzer.titles.filter": "lowercase",
}

// shop is what the shop itself keeps.
func (g *generator) shop() {
	year := time.Date(g.Now.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	for back := 2; back >= 0; back-- {
		from := year.AddDate(-back, 0, 0)
		age := g.Now.Sub(from)
		g.add(spec{
			name: fmt.Sprintf("orders-%d", from.Year()), shards: 3, copies: 1, age: age, span: min(age, 365*day), docs: 380 + g.rnd.IntN(150), bytes: g.about(5 * GiB),
			mapping: orderMapping, aliases: alias(map[string]any{}, "orders"), make: g.order,
		})
	}
	g.add(spec{
		name: "customers", shards: 1, copies: 1, age: 390 * day, span: 390 * day, docs: 400, bytes: g.about(900 * MiB), mapping: customerMapping,
		aliases: map[string]map[string]any{"customers-de": {"filter": map[string]any{"term": map[string]any{"country": "DE"}}}},
		make: func(at time.Time, n int) (string, any) {
			where := g.rnd.IntN(len(cities))
			return fmt.Sprintf("C-%04d", n), customer{pick(g.rnd, givens) + " " + pick(g.rnd, families), cities[where], countries[where], stamp(at), g.rnd.IntN(2) == 0}
		},
	})
	for v := 1; v <= 2; v++ {
		s := spec{name: fmt.Sprintf("products-v%d", v), shards: 1, copies: 1, age: time.Duration(3-v) * 90 * day, span: day, docs: 120, bytes: g.about(350 * MiB), mapping: productMapping, settings: analysis, make: g.product}
		if v == 2 {
			s.aliases = alias(map[string]any{}, "products")
		}
		g.add(s)
	}
	g.add(spec{
		name: "inventory", shards: 1, copies: 1, age: 200 * day, span: 200 * day, docs: 120, bytes: g.about(120 * MiB),
		mapping: `{"properties":{"product":{"type":"keyword"},"warehouse":{"type":"keyword"},"count":{"type":"integer"},"counted":{"type":"date"}}}`,
		make: func(at time.Time, n int) (string, any) {
			return fmt.Sprintf("P-%03d", n), map[string]any{"product": fmt.Sprintf("P-%03d", n), "warehouse": pick(g.rnd, cities), "count": g.rnd.IntN(900), "counted": stamp(at)}
		},
	})
	g.add(spec{
		name: "feature-flags", shards: 1, copies: 2, age: 300 * day, span: 300 * day, docs: 24, mapping: `{"properties":{"on":{"type":"boolean"},"share":{"type":"byte"}}}`,
		make: func(_ time.Time, n int) (string, any) {
			return strings.ReplaceAll(fmt.Sprintf("%s-%s-%d", pick(g.rnd, services), pick(g.rnd, colours), n), " ", "-"), map[string]any{"on": g.rnd.IntN(3) > 0, "share": g.rnd.IntN(101)}
		},
	})
}

// product is one article of the catalogue.
func (g *generator) product(_ time.Time, n int) (string, any) {
	title := pick(g.rnd, colours) + " " + pick(g.rnd, goods)
	return fmt.Sprintf("P-%03d", n), product{title, strings.Fields(title)[0], float64(g.rnd.IntN(20000)) / 100, g.rnd.IntN(500), title}
}

const clickMapping = `{"properties":{"@timestamp":{"type":"date"},"session":{"type":"keyword"},"page":{"type":"keyword"},"country":{"type":"keyword"},"seconds":{"type":"short"}}}`

// clicks are one index a day.
func (g *generator) clicks() {
	today := g.Now.Truncate(day)
	for back := 9; back >= 0; back-- {
		d := today.Add(-time.Duration(back) * day)
		g.add(spec{
			name: "clickstream-" + d.Format("2006.01.02"), shards: 2, copies: 1, age: g.Now.Sub(d) + time.Minute, span: day, docs: 90 + g.rnd.IntN(60), bytes: g.about(1500 * MiB), mapping: clickMapping,
			make: func(at time.Time, n int) (string, any) {
				return g.hexID(16) + itoa(n), map[string]any{"@timestamp": stamp(at), "session": g.hexID(12), "page": pick(g.rnd, paths), "country": pick(g.rnd, countries), "seconds": g.rnd.IntN(300)}
			},
		})
	}
}

const auditMapping = `{"dynamic":"false","properties":{"at":{"type":"date"},"who":{"type":"keyword"},"what":{"type":"keyword"},"detail":{"type":"object","enabled":false}}}`

// audit is one index a quarter, the old ones read-only.
func (g *generator) audit() {
	quarter := time.Date(g.Now.Year(), (g.Now.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	for back := 4; back >= 0; back-- {
		from := quarter.AddDate(0, -3*back, 0)
		s := spec{
			name: fmt.Sprintf("audit-%d-q%d", from.Year(), (from.Month()+2)/3), shards: 1, copies: 1, age: g.Now.Sub(from), span: 90 * day, docs: 70 + g.rnd.IntN(60), bytes: g.about(600 * MiB),
			mapping: auditMapping, aliases: alias(map[string]any{}, "audit"),
			make: func(at time.Time, n int) (string, any) {
				return g.hexID(10) + itoa(n), map[string]any{"at": stamp(at), "who": strings.ToLower(pick(g.rnd, givens)), "what": pick(g.rnd, verbs), "detail": map[string]any{"ip": fmt.Sprintf("10.2.%d.%d", g.rnd.IntN(255), g.rnd.IntN(255))}}
			},
		}
		if back > 0 {
			s.settings = map[string]string{"index.blocks.write": "true"}
		}
		g.add(s)
	}
}
