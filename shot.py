from playwright.sync_api import sync_playwright
import sys
with sync_playwright() as p:
    b=p.chromium.launch(executable_path='/usr/bin/chromium',args=['--no-sandbox'])
    pg=b.new_page(viewport={'width':1100,'height':1500})
    for n in ('03_gaussian_kl','02_linear_autoencoder','04_reparameterisation'):
        pg.goto(f'file:///work/t1/demo/feedback/s99/vae/{n}.html'); pg.screenshot(path=f'/tmp/look/{n}.png',full_page=False)
        t=pg.inner_text('body'); print(n,'\n'.join(l for l in t.splitlines() if 'left out' in l or 'wrong as well' in l or 'mistake' in l.lower() or 'repeat' in l or 'one draw' in l.lower())[:1500])
    pg.goto('file:///work/t1/demo/report/index.html'); pg.screenshot(path='/tmp/look/report.png')
    b.close()
