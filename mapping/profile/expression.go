package profile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"
)

// memoryBudget bounds what one expression may build for one row; it ends
// nested loops too.
const memoryBudget = 100_000

// vocabulary is what an expression may name: the source's columns, by their
// place, and the profile's options.
type vocabulary struct {
	names   []string
	place   map[string]int
	groups  []string // parent, and the names of joins: their columns are members of one thing
	options []Option

	programs int // that were compiled
}

// program is a compiled expression.
type program struct {
	run     *vm.Program
	number  int   // among those of its vocabulary
	columns []int // the places of the columns that it names, in their order
	source  string
	at      position
}

// compile checks and compiles an expression. Every name in it must be a column
// of the vocabulary.
func (v *vocabulary) compile(code string, at position, condition bool) (*program, error) {
	options := v.environment()
	if condition {
		options = append(options, expr.AsBool())
	}
	p := &program{source: code, at: at, number: v.programs}
	v.programs++
	tree, err := parser.Parse(code)
	if err == nil {
		p.run, err = expr.Compile(code, options...)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %s", at, v.explain(code, err))
	}
	names := &columnsIn{v: v}
	ast.Walk(&tree.Node, names)
	p.columns = names.columns
	return p, nil
}

// environment types every name, so that a misspelt one does not compile.
// Columns whose names are no words are reached as row["Offer ID"].
func (v *vocabulary) environment() []expr.Option {
	env, row, option := types.Map{}, types.Map{}, types.Map{}
	for _, name := range v.names {
		row[name] = types.String
		if isIdentifier(name) {
			env[name] = types.String
		}
		if group, member, ok := v.member(name); ok {
			if env[group] == nil {
				env[group] = types.Map{}
			}
			if members, ok := env[group].(types.Map); ok {
				members[member] = types.String
			}
		}
	}
	for _, o := range v.options {
		option[o.Name] = types.String
	}
	env["row"], env["option"] = row, option
	return append(functions(), expr.Env(env), expr.DisableBuiltin("now"), expr.DisableBuiltin("date"),
		expr.DisableBuiltin("float"), expr.MaxNodes(1000))
}

// member takes the name of a joined or a parent's column apart: parent.title.
func (v *vocabulary) member(name string) (group, member string, ok bool) {
	group, member, ok = strings.Cut(name, ".")
	return group, member, ok && slices.Contains(v.groups, group)
}

func isIdentifier(name string) bool {
	for i, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != "" && name != "row" && name != "option"
}

// explain says where in the expression a mistake is, and suggests the column
// that a misspelt one may mean.
func (v *vocabulary) explain(code string, err error) string {
	var place *file.Error
	if !errors.As(err, &place) {
		return fmt.Sprintf("the expression %s is wrong: %v", quote(code), err)
	}
	text := wrongAt(place)
	for _, unknown := range []string{"unknown name ", "unknown field "} {
		if _, name, ok := strings.Cut(place.Message, unknown); ok {
			text += v.meant(name, unknown)
		}
	}
	return text
}

// meant suggests a column as an expression names it.
func (v *vocabulary) meant(name, unknown string) string {
	near := nearest(name, v.names)
	if near == "" {
		return ""
	}
	if _, _, grouped := v.member(near); unknown == "unknown name " && !grouped && !isIdentifier(near) {
		near = `row["` + near + `"]`
	}
	return ". Did you mean " + near + "?"
}

func wrongAt(place *file.Error) string {
	return fmt.Sprintf("the expression is wrong at its character %d: %s\n    %s", place.Column+1, place.Message, strings.ReplaceAll(strings.TrimSpace(place.Snippet), "\n", "\n    "))
}

// columnsIn collects the columns that an expression names.
type columnsIn struct {
	v       *vocabulary
	columns []int
}

// Visit is called for every node.
func (n *columnsIn) Visit(node *ast.Node) {
	name := ""
	switch x := (*node).(type) {
	case *ast.MemberNode:
		group, isName := x.Node.(*ast.IdentifierNode)
		member, isText := x.Property.(*ast.StringNode)
		if !isName || !isText {
			return
		}
		name = group.Value + "." + member.Value
		if group.Value == "row" {
			name = member.Value
		}
	case *ast.IdentifierNode:
		name = x.Value
	default:
		return
	}
	if place, ok := n.v.place[name]; ok && !slices.Contains(n.columns, place) {
		n.columns = append(n.columns, place)
	}
}

// evaluator runs expressions over rows: one for each reading of a table.
type evaluator struct {
	v       *vocabulary
	machine vm.VM
	env     map[string]any
	row     map[string]any
	columns []evaluated // by place
	results []result    // by the number of the program
}

// evaluated is the value of a column in the environment, and where it stands.
type evaluated struct {
	text    string
	changes uint64
	in      []map[string]any
	as      []string
}

// result is what a program came to when its columns had changed so often in
// all: as long as none changes again, it comes to the same.
type result struct {
	known   bool
	changes uint64
	value   any
	err     error
}

func newEvaluator(v *vocabulary) *evaluator {
	option := map[string]any{}
	for _, o := range v.options {
		option[o.Name] = o.Value
	}
	e := &evaluator{v: v, row: map[string]any{}, machine: vm.VM{MemoryBudget: memoryBudget},
		columns: make([]evaluated, len(v.names)), results: make([]result, v.programs)}
	e.env = map[string]any{"row": e.row, "option": option}
	return e
}

// set gives the columns that a program names their values. Most are those of
// the row before, and stay. It returns how often they changed in all.
func (e *evaluator) set(p *program, value func(place int) string) (changes uint64) {
	for _, place := range p.columns {
		c, text := &e.columns[place], value(place)
		if c.in == nil || c.text != text {
			e.put(c, place, text)
		}
		changes += c.changes
	}
	return changes
}

func (e *evaluator) put(c *evaluated, place int, text string) {
	if c.in == nil {
		e.place(c, e.v.names[place])
	}
	c.text = text
	c.changes++
	var boxed any = text
	for i, in := range c.in {
		in[c.as[i]] = boxed
	}
}

// place finds out where a column stands in the environment.
func (e *evaluator) place(c *evaluated, name string) {
	c.in, c.as = []map[string]any{e.row}, []string{name}
	if isIdentifier(name) {
		c.in, c.as = append(c.in, e.env), append(c.as, name)
	}
	if group, member, ok := e.v.member(name); ok {
		members, ok := e.env[group].(map[string]any)
		if !ok {
			members = map[string]any{}
			e.env[group] = members
		}
		c.in, c.as = append(c.in, members), append(c.as, member)
	}
}

// run evaluates a program on the values of its columns.
func (e *evaluator) run(p *program, value func(place int) string) (any, error) {
	changes, r := e.set(p, value), &e.results[p.number]
	if !r.known || r.changes != changes {
		r.known, r.changes = true, changes
		r.value, r.err = e.eval(p)
	}
	return r.value, r.err
}

func (e *evaluator) eval(p *program) (any, error) {
	out, err := e.machine.Run(p.run, e.env)
	if err == nil {
		return out, nil
	}
	var place *file.Error
	if errors.As(err, &place) {
		return nil, fmt.Errorf("%s, at character %d of %s: %s", p.at, place.Column+1, quote(p.source), place.Message)
	}
	return nil, fmt.Errorf("%s: %w", p.at, err)
}

// resultText makes the text of a cell of an expression's result. Numbers are
// refused: they went through a float, and 0.1 may have become something else.
func resultText(result any) (string, error) {
	switch x := result.(type) {
	case nil:
		return "", nil
	case string:
		return x, nil
	case bool:
		if x {
			return "1", nil
		}
		return "0", nil
	case []any, []string:
		list, err := resultList(x)
		return joinList(list), err
	}
	return "", fmt.Errorf("an expression gives a text, yes or no, or a list of texts, and this one gave %v: use share() to reckon with money", result)
}

// resultList makes one list of a list and the lists in it; blanks are left out.
func resultList(result any) (list []string, err error) {
	switch x := result.(type) {
	case []string:
		return x, nil
	case []any:
		for _, item := range x {
			inner, err := resultList(item)
			if err != nil {
				return nil, err
			}
			list = append(list, inner...)
		}
		return list, nil
	}
	text, err := resultText(result)
	if text == "" {
		return nil, err
	}
	return []string{text}, err
}

// functions are what expressions have beyond the language's own.
func functions() []expr.Option {
	text := func(name string, f func(string) any, typed any) expr.Option {
		return expr.Function(name, func(args ...any) (any, error) { return f(args[0].(string)), nil }, typed)
	}
	return []expr.Option{
		text("yes", func(s string) any { return isYes(s) }, new(func(string) bool)),
		text("some", func(s string) any { return !isNothing(s) }, new(func(string) bool)),
		text("items", func(s string) any { return splitList(s) }, new(func(string) []string)),
		text("amount", func(s string) any { return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%")) }, new(func(string) string)),
		expr.Function("weighted", func(args ...any) (any, error) {
			if len(args) == 2 {
				args = append(args, "")
			}
			return weighted(args[0].(string), args[1].(string), args[2].(string)), nil
		}, new(func(string, string) string), new(func(string, string, string) string)),
		expr.Function("combined", func(args ...any) (any, error) {
			var subs []string
			for _, list := range args {
				subs = append(subs, list.(string))
			}
			return combined(subs), nil
		}, new(func(...string) string)),
		expr.Function("where", func(args ...any) (any, error) {
			return where(args[0].(string), args[1].(string), args[2].(string)), nil
		}, new(func(string, string, string) []string)),
		expr.Function("beside", func(args ...any) (any, error) {
			return beside(args[0].(string), args[1].(string), args[2].(string)), nil
		}, new(func(string, string, string) []string)),
		expr.Function("hours", func(args ...any) (any, error) {
			return hours(args[0].(string), args[1].(string), args[2].(string)), nil
		}, new(func(string, string, string) string)),
		expr.Function("share", func(args ...any) (any, error) { return share(args[0].(string), args[1].(string)) }, new(func(string, string) string)),
		expr.Function("versions", func(args ...any) (any, error) {
			return versions(args[0].(string), args[1].(string), args[2].(string)), nil
		}, new(func(string, string, string) string)),
	}
}

// hours writes three lists of one length, of weekdays by number, first hours and
// last ones, as our sheets have them: 0: 9-18; 1: 9-12, 14-18.
func hours(weekdays, from, to string) string {
	first, last := cells(from), cells(to)
	var days []string
	spans := map[string][]string{}
	for i, day := range cells(weekdays) {
		if i >= len(first) || i >= len(last) || day == "" {
			continue
		}
		if spans[day] == nil {
			days = append(days, day)
		}
		spans[day] = append(spans[day], first[i]+"-"+last[i])
	}
	for i, day := range days {
		days[i] = day + ": " + strings.Join(spans[day], ", ")
	}
	return strings.Join(days, "; ")
}

// where returns the values of a list at whose places another list of its length
// has a word: the countries whose rule is include. Values may be blank.
func where(values, words, word string) []string {
	var found []string
	said := cells(words)
	for i, value := range cells(values) {
		if i < len(said) && strings.EqualFold(said[i], word) && value != "" {
			found = append(found, value)
		}
	}
	return found
}

// beside writes two lists of one length as one, what stands at the same place
// with a sign between. Values may be blank; what has none on the left is left out.
func beside(left, right, sign string) (list []string) {
	second := cells(right)
	for i, value := range cells(left) {
		if value == "" {
			continue
		}
		if i < len(second) && second[i] != "" {
			value += sign + second[i]
		}
		list = append(list, value)
	}
	return list
}

// cells takes a list that a reader of JSON wrote apart, and keeps its blanks.
func cells(list string) []string {
	r := csv.NewReader(strings.NewReader(list))
	r.TrimLeadingSpace = true
	row, _ := r.Read() // what is no such list has no cells
	return row
}

// weighted writes lists of one length, of addresses, their weights and the
// server-postback addresses that some have, as our sheets have them:
// https://a.example.com 50; https://b.example.com 50 https://spt.example.com.
func weighted(addresses, weights, postbacks string) string {
	weight, postback := cells(weights), cells(postbacks)
	var list []string
	for i, address := range cells(addresses) {
		if address == "" {
			continue
		}
		for _, with := range [][]string{weight, postback} {
			if i < len(with) && with[i] != "" {
				address += " " + with[i]
			}
		}
		list = append(list, address)
	}
	return strings.Join(list, "; ")
}

// combined writes lists of one length, of values of sub1, sub2 and so on, as our
// sheets have combinations of subs: sub1=a, sub2=b; sub1=c, sub2=d. It is blank
// where a value is: an empty sub cannot be told from one that is not said.
func combined(subs []string) string {
	var groups []string
	for n, list := range subs {
		for i, value := range cells(list) {
			if value == "" {
				return ""
			}
			if i == len(groups) {
				groups = append(groups, "")
			}
			if groups[i] != "" {
				groups[i] += ", "
			}
			groups[i] += fmt.Sprintf("sub%d=%s", n+1, value)
		}
	}
	return strings.Join(groups, "; ")
}

// versions writes three lists of one length, of names, comparisons and
// versions, as our sheets have them: Android >= 6.0; iOS. In the lists, what
// stands between two commas may be blank.
func versions(names, comparisons, numbers string) string {
	signs := map[string]string{"EQ": "=", "GT": ">", "GTE": ">=", "LT": "<", "LTE": "<="}
	compare, number := strings.Split(comparisons, ","), strings.Split(numbers, ",")
	var list []string
	for i, name := range strings.Split(names, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if i < len(compare) && i < len(number) && strings.TrimSpace(number[i]) != "" {
			sign := strings.ToUpper(strings.TrimSpace(compare[i]))
			if signs[sign] != "" {
				sign = signs[sign]
			}
			name += " " + sign + " " + strings.TrimSpace(number[i])
		}
		list = append(list, name)
	}
	return strings.Join(list, "; ")
}
