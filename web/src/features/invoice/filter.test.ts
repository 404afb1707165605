import { expect, it } from "vitest";
import { applied, cleanFilter, csvOf, emptyFilter, filterFrom, queryOf, searchFilter, sortFrom, toggledSort } from "./filter";

it("goes into the address and back unchanged", () => {
  const filter = { ...emptyFilter(), seller: "北京", date_from: "2024-05-01", kind: "32" };
  const query = queryOf(filter, "-total");
  expect(query).toEqual({ seller: "北京", date_from: "2024-05-01", kind: "32", sort: "-total" });
  expect(filterFrom(query)).toEqual(filter);
  expect(sortFrom(query)).toBe("-total");
  expect(applied(filter)).toEqual(["seller", "date_from", "kind"]);
});

it("ignores what is not ours in an address", () => {
  expect(filterFrom({ number: ["1", "2"], evil: "x" })).toEqual(emptyFilter());
  expect(sortFrom({ sort: "drop" })).toBe("-issue_date");
  expect(queryOf(emptyFilter(), "-issue_date")).toEqual({});
});

it("cleans numbers and amounts, and names what is no amount", () => {
  const typed = { ...emptyFilter(), number: " 2411 2000 ", total_min: "1,000", total_max: "many", seller: " 京 " };
  const { filter, bad } = cleanFilter(typed);
  expect(filter.number).toBe("24112000");
  expect(filter.total_min).toBe("1000.00");
  expect(filter.seller).toBe("京");
  expect(bad).toEqual(["total_max"]);
});

it("tells a number from words in the search box", () => {
  expect(searchFilter("2411 2000 0000 4854 2163")).toEqual({ number: "24112000000048542163" });
  expect(searchFilter(" 北京 ")).toEqual({ q: "北京" });
  expect(searchFilter("4449.00")).toEqual({ q: "4449.00" });
  expect(searchFilter("  ")).toEqual({});
});

it("sorts greatest first, then the other way", () => {
  expect(toggledSort("-issue_date", "total")).toBe("-total");
  expect(toggledSort("-total", "total")).toBe("total");
  expect(toggledSort("total", "total")).toBe("-total");
});

it("exports what a spreadsheet neither rounds nor runs", () => {
  const party = { name: '=cmd("x")', tax_id: "91500106MA2CE71F65" };
  const text = csvOf(["a"], [{
    id: "1", kind: "32", kind_name: "", code: "", number: "24112000000048542163", issue_date: "2024-05-28",
    amount: "-1.00", tax: "0.00", total: "-1.00", seller: party, buyer: { name: "a,b", tax_id: "" }, state: "red",
    conflict: false, basis: "xml", carriers: 1, findings: 0, received_at: "",
  }], () => "红");
  expect(text).toContain('"\t24112000000048542163"');
  expect(text).toContain(`"'=cmd(""x"")"`);
  expect(text).toContain('"a,b",-1.00,0.00,-1.00,红');
});
