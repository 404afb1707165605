import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

// Invoices made up here: 数电票 XML in the shape of the published schema, no real party in it.
const SELLER = { name: "示例甲科技有限公司", id: "91110108MA00000002" };
const BUYER = { name: "示例乙贸易有限公司", id: "91310115MA00000004" };

export function einvoice({ number, date = "2024-05-28", net = "1000.00", tax = "60.00", total = "1060.00", seller = SELLER, buyer = BUYER }) {
  return `<?xml version="1.0" encoding="utf-8"?>
<EInvoice><Header><EIid>${number}</EIid><EInvoiceTag>SWEI3200</EInvoiceTag><Version>0.31</Version>
<InherentLabel><InIssuType><LabelCode>Y</LabelCode><LabelName>是否蓝字发票标志</LabelName></InIssuType>
<EInvoiceType><LabelCode>01</LabelCode><LabelName>电子发票</LabelName></EInvoiceType>
<GeneralOrSpecialVAT><LabelCode>02</LabelCode><LabelName>普通发票</LabelName></GeneralOrSpecialVAT></InherentLabel></Header>
<EInvoiceData><SellerInformation><SellerIdNum>${seller.id}</SellerIdNum><SellerName>${seller.name}</SellerName></SellerInformation>
<BuyerInformation><BuyerIdNum>${buyer.id}</BuyerIdNum><BuyerName>${buyer.name}</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>${net}</TotalAmWithoutTax><TotalTaxAm>${tax}</TotalTaxAm>
<TotalTax-includedAmount>${total}</TotalTax-includedAmount><Drawer>张三</Drawer><RequestTime>${date} 10:00:00</RequestTime></BasicInformation>
<IssuItemInformation><ItemName>*信息技术服务*软件服务费</ItemName><MeaUnits>套</MeaUnits><Quantity>1</Quantity><UnPrice>${net}</UnPrice>
<Amount>${net}</Amount><TaxRate>0.06</TaxRate><ComTaxAm>${tax}</ComTaxAm><TaxClassificationCode>3040203000000000000</TaxClassificationCode></IssuItemInformation></EInvoiceData>
<SellerAuthentication><AuthenticationMethods>01</AuthenticationMethods></SellerAuthentication>
<TaxSupervisionInfo><InvoiceNumber>${number}</InvoiceNumber><IssueTime>${date}</IssueTime></TaxSupervisionInfo></EInvoice>
`;
}

export const FIRST = "24112000000048542163";
export const SECOND = "24112000000048549901";
export const group = (number) => number.replace(/(.{4})(?=.)/g, "$1 ");

// What is no invoice, of any size.
export function junk(bytes) {
  return Buffer.alloc(bytes, "this is no invoice\n");
}

// The folder of real files, where there is one: beside the checkout, or named.
export function samples() {
  const beside = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../shared/samples");
  const folder = process.env.FAPIAO_SAMPLES ?? beside;
  return fs.existsSync(path.join(folder, "manifest.tsv")) ? folder : null;
}
