import billing, { metadata } from "scope:billing_enquiry_handler";

/** What a model is asked about an invoice. It isn't part of the bundle, and checked all the same. */
export function askAboutInvoice(invoiceNumber: number, question: string) {
  return {
    model: metadata.model,
    messages: billing({ company_name: "Looms", invoice_number: invoiceNumber, question }),
  };
}
