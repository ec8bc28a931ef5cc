--- What the drivers of a Neovim without a screen share.
local M = {}
local failed = 0

function M.check(name, ok, got)
  io.stdout:write(ok and ("ok   " .. name) or ("FAIL " .. name .. ", got: " .. vim.inspect(got)), "\n")
  failed = failed + (ok and 0 or 1)
end

--- Waits until `condition` answers something and returns it.
function M.wait(condition)
  local value
  vim.wait(20000, function()
    value = condition()
    return value
  end, 20)
  return value
end

function M.edit(file)
  vim.cmd.edit(file)
  return vim.api.nvim_get_current_buf()
end

function M.line(buffer, number)
  return vim.api.nvim_buf_get_lines(buffer, number - 1, number, false)[1]
end

--- Runs a driver with the plugin on 'runtimepath' and ends Neovim: 0 where every check held.
function M.drive(driver)
  vim.opt.runtimepath:prepend(vim.env.NEOVIM_CONFIG)
  vim.opt.swapfile, vim.opt.hidden = false, true
  vim.cmd("filetype on") -- `-l` runs before Neovim turns it on
  local ran, why = xpcall(driver, debug.traceback)
  if not ran then M.check("the driver", false, why) end
  io.stdout:flush()
  os.exit(failed == 0 and 0 or 1)
end

return M
