-- SPDX-License-Identifier: GPL-3.0-or-later
-- For pandoc, which makes the pages HTML: links to pages become links to their HTML, the first heading is the title.
function Link(link)
  if not link.target:match('^%a+:') then
    link.target = link.target:gsub('%.md$', '.html'):gsub('%.md#', '.html#')
  end
  return link
end

function Pandoc(page)
  for _, block in ipairs(page.blocks) do
    if block.t == 'Header' then
      page.meta.pagetitle = pandoc.utils.stringify(block)
      break
    end
  end
  return page
end
