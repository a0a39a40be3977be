import { expect, test } from '@playwright/test';
import { axeFindings, lookAt } from '@/e2e/look';

const broken = `<html><body>
  <p style="color: #aaa; background: #fff">Too pale to read</p>
  <img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">
  <input type="text">
  <button></button>
  <h4>A heading after none</h4>
  <ul><div>No item of a list</div></ul>
</body></html>`;

test('axe finds on a broken page what a person would stumble over, in every group of rules', async ({ page }) => {
  await page.setContent(`<title>Broken</title>${broken}`);
  const found = (await axeFindings(page)).map(finding => finding.split(':')[0]);
  for (const rule of ['button-name', 'color-contrast', 'html-has-lang', 'image-alt', 'label', 'list', 'region']) {
    expect(found).toContain(rule);
  }
});

test('a page that is wider than the screen does not pass', async ({ page }) => {
  const wide =
    '<html lang="en"><head><title>Wide</title></head><body><main><h1>Wide</h1><div style="width: 3000px">…</div>';
  await page.setContent(wide);
  await expect(lookAt(page, 'look-wide')).rejects.toThrow('wider than the screen');
});
