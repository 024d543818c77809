"""The table of builtins: which names there are, and in which module of this folder each one lives.

A module is imported when one of its names is first looked up, so that a program pays for what it uses. What must hold: the
names listed here for an area are exactly those that its module registers (a test compares them).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module

from pagoda.languages.ruff.values import Builtin, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

AREAS: dict[str, str] = {
    "output": "print println eprint input debug format",
    "types": (
        "type type_of is_int is_float is_string is_bool is_array is_dict is_null is_function is_truthy parse_int parse_float "
        "to_int to_float to_string str to_bool bytes array error"
    ),
    "numbers": ("abs sqrt floor ceil round sin cos tan log exp pow min max bit_and bit_or bit_xor bit_shl bit_shr bit_not"),
    "text": (
        "substring substr upper to_upper lower to_lower capitalize trim trim_start trim_end starts_with ends_with replace "
        "replace_str split join repeat char_at is_empty count_chars pad_left pad_right pad_start pad_end lines words "
        "str_reverse slugify truncate to_camel_case to_snake_case to_kebab_case"
    ),
    "arrays": (
        "len contains index_of push append pop insert remove remove_at clear slice concat sort reverse unique sum chunk "
        "flatten zip enumerate take skip windows range"
    ),
    "higher": "map filter reduce find any all parallel_map par_map par_each",
    "dicts": "keys values items has_key get get_default merge update invert dict",
    "collections": (
        "Set set_add set_has set_remove set_union set_intersect set_difference set_to_array Queue queue_enqueue queue_dequeue "
        "queue_peek queue_size queue_is_empty queue_to_array Stack stack_push stack_pop stack_peek stack_size stack_is_empty "
        "stack_to_array"
    ),
    "assertions": "assert assert_equal assert_true assert_false assert_contains",
    "json_format": "parse_json to_json to_json_pretty",
    "formats": "parse_toml to_toml parse_yaml to_yaml parse_csv to_csv encode_base64 decode_base64",
    "patterns": "regex_match regex_find_all regex_replace regex_split",
    "clock": (
        "now now_utc now_unix now_utc_seconds current_timestamp time performance_now time_us time_ns format_duration elapsed "
        "format_date parse_date sleep"
    ),
    "chance": "random random_int random_choice random_id uuid_v4 set_random_seed clear_random_seed",
    "hashing": "sha256 sha256_file md5 md5_file hash_password verify_password",
    "encryption": (
        "aes_encrypt aes_decrypt aes_encrypt_bytes aes_decrypt_bytes rsa_generate_keypair rsa_encrypt rsa_decrypt rsa_sign "
        "rsa_verify"
    ),
    "system": (
        "env env_or env_int env_float env_bool env_required env_set env_list args exit os_getcwd os_chdir os_environ arg_parser"
    ),
    "processes": "execute execute_status spawn_process pipe_commands",
    "files": (
        "read_file read_file_lossy write_file append_file file_exists read_lines list_dir create_dir file_size delete_file "
        "rename_file copy_file read_binary_file write_binary_file os_rmdir kv_set kv_get"
    ),
    "binary_io": (
        "io_read_bytes io_write_bytes io_append_bytes io_read_at io_write_at io_seek_read io_file_metadata io_truncate "
        "io_copy_range"
    ),
    "paths": (
        "join_path path_join dirname basename path_exists path_absolute path_is_dir path_is_file path_is_symlink path_extension"
    ),
    "database": "db_connect db_execute db_query db_close db_begin db_commit db_rollback db_last_insert_id",
    "database_pools": "db_pool db_pool_acquire db_pool_release db_pool_stats db_pool_close",
    "sockets": (
        "tcp_listen tcp_accept tcp_connect tcp_send tcp_receive tcp_close tcp_set_nonblocking udp_bind udp_send_to "
        "udp_receive_from udp_close"
    ),
    "web": ("http_server http_listen http_response html_response json_response redirect_response set_header set_headers"),
    "http": (
        "http_get http_delete http_get_binary http_get_stream http_post http_put http_request parallel_http async_http_get "
        "async_http_post"
    ),
    "tokens": "jwt_encode jwt_decode jwt_verify oauth2_auth_url oauth2_get_token",
    "models": "ai_chat ai_stream_chat ai_embedding ai_tool_loop",
    "archives": "zip_create zip_add_file zip_add_dir zip_close unzip",
    "images": "load_image",
    "excluded": "gif_to_webp",
    "pages": "ssg_render_pages ssg_build_output_paths ssg_render_and_write_pages ssg_read_render_and_write_pages",
    "async_files": "async_read_files async_write_files",
    "inner": "Promise.all __vm_for_iterable",
    "concurrency": (
        "channel promise_all await_all async_sleep async_timeout spawn_task await_task cancel_task shared_set shared_get "
        "shared_has shared_delete shared_add_int set_task_pool_size get_task_pool_size async_read_file async_write_file"
    ),
}

CONSTANTS: dict[str, Value] = {"PI": math.pi, "E": math.e}

MISSING = object()
"""What :func:`lookup` gives for a name that is neither a builtin nor a constant."""

_AREA_OF = {name: area for area, names in AREAS.items() for name in names.split()}
_LOADED: dict[str, Builtin] = {}


def builtin(
    name: str,
    low: int,
    high: int | None = None,
    *,
    also: tuple[str, ...] = (),
    needs_context: bool = False,
    charge: tuple[int, ...] = (),
    keeps: bool = False,
    returns_part: bool = False,
    arity_text: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a Python function as a builtin (and under the names in ``also``).

    ``low``/``high`` bound the number of arguments; ``high`` is ``low`` when omitted and -1 for no bound. See
    :class:`pagoda.languages.ruff.values.Builtin` for the rest.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        for title in (name, *also):
            _LOADED[title] = Builtin(
                title,
                function,
                low,
                low if high is None else high,
                needs_context,
                charge,
                keeps,
                returns_part,
                arity_text,
            )
        return function

    return register


def builtin_names() -> frozenset[str]:
    """Every name that the library puts into the global scope."""
    return frozenset(_AREA_OF) | frozenset(CONSTANTS)


def get(name: str) -> Builtin | None:
    """The builtin of that name."""
    found = _LOADED.get(name)
    if found is None and name in _AREA_OF:
        import_module(f"pagoda.languages.ruff.library.{_AREA_OF[name]}")
        found = _LOADED[name]
    return found


def lookup(name: str) -> Value:
    """The builtin or constant of that name, or ``MISSING``."""
    if name in CONSTANTS:
        return CONSTANTS[name]
    found = get(name)
    return MISSING if found is None else found


def names_of_area(area: str) -> frozenset[str]:
    """The names listed for an area."""
    return frozenset(AREAS[area].split())


def loaded_names() -> frozenset[str]:
    """The names registered so far by modules that have been imported."""
    return frozenset(_LOADED)
