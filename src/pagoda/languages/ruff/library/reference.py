"""The builtins that the reference implementation registers, group by group, and what became of each of them here.

This is what ``pagoda doctor --builtins`` shows. What must hold: the groups together have 336 names, no name twice, and each of
them is defined here; a test counts them.
"""

from __future__ import annotations

from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.library.excluded import REASONS

GROUPS: dict[str, str] = {
    "output": "print println eprint input debug format",
    "math": "abs sqrt floor ceil round sin cos tan log exp pow min max",
    "bits": "bit_and bit_or bit_xor bit_shl bit_shr bit_not",
    "strings": (
        "len substring substr upper to_upper lower to_lower capitalize trim trim_start trim_end contains starts_with ends_with "
        "index_of replace replace_str split join repeat char_at is_empty count_chars pad_left pad_right pad_start pad_end "
        "lines words str_reverse slugify truncate to_camel_case to_snake_case to_kebab_case"
    ),
    "regex": "regex_match regex_find_all regex_replace regex_split",
    "arrays": (
        "push append pop insert remove remove_at clear slice concat map filter reduce find any all sort reverse unique sum "
        "chunk flatten zip enumerate take skip windows range"
    ),
    "dicts": "keys values items has_key get get_default merge update invert dict",
    "collections": (
        "Set set_add set_has set_remove set_union set_intersect set_difference set_to_array Queue queue_enqueue queue_dequeue "
        "queue_peek queue_size queue_is_empty queue_to_array Stack stack_push stack_pop stack_peek stack_size stack_is_empty "
        "stack_to_array"
    ),
    "types": (
        "type type_of is_int is_float is_string is_bool is_array is_dict is_null is_function is_truthy parse_int parse_float "
        "to_int to_float to_string str to_bool bytes array error assert assert_equal assert_true assert_false assert_contains"
    ),
    "formats": (
        "parse_json to_json to_json_pretty parse_toml to_toml parse_yaml to_yaml parse_csv to_csv encode_base64 decode_base64"
    ),
    "files": (
        "read_file read_file_lossy write_file append_file file_exists read_lines list_dir create_dir file_size delete_file "
        "rename_file copy_file read_binary_file write_binary_file io_read_bytes io_write_bytes io_append_bytes io_read_at "
        "io_write_at io_seek_read io_file_metadata io_truncate io_copy_range os_getcwd os_chdir os_rmdir os_environ join_path "
        "path_join dirname basename path_exists path_absolute path_is_dir path_is_file path_is_symlink path_extension kv_set "
        "kv_get"
    ),
    "system": (
        "env env_or env_int env_float env_bool env_required env_set env_list args arg_parser exit sleep execute execute_status "
        "spawn_process pipe_commands now now_utc now_unix now_utc_seconds current_timestamp time performance_now time_us "
        "time_ns format_duration elapsed format_date parse_date random random_int random_choice random_id uuid_v4 "
        "set_random_seed clear_random_seed"
    ),
    "http": (
        "http_get http_delete http_get_binary http_get_stream http_post http_put http_request parallel_http http_server "
        "http_listen http_response json_response html_response redirect_response set_header set_headers jwt_encode jwt_decode "
        "jwt_verify oauth2_auth_url oauth2_get_token ai_chat ai_stream_chat ai_embedding ai_tool_loop"
    ),
    "database": (
        "db_connect db_execute db_query db_close db_begin db_commit db_rollback db_last_insert_id db_pool db_pool_acquire "
        "db_pool_release db_pool_stats db_pool_close"
    ),
    "crypto": (
        "sha256 sha256_file md5 md5_file hash_password verify_password aes_encrypt aes_decrypt aes_encrypt_bytes "
        "aes_decrypt_bytes rsa_generate_keypair rsa_encrypt rsa_decrypt rsa_sign rsa_verify"
    ),
    "archives": "zip_create zip_add_file zip_add_dir zip_close unzip load_image gif_to_webp",
    "sockets": (
        "tcp_listen tcp_accept tcp_connect tcp_send tcp_receive tcp_close tcp_set_nonblocking udp_bind udp_send_to "
        "udp_receive_from udp_close"
    ),
    "concurrency": (
        "channel shared_set shared_get shared_has shared_delete shared_add_int async_sleep async_timeout async_http_get "
        "async_http_post async_read_file async_read_files async_write_file async_write_files spawn_task await_task cancel_task "
        "promise_all await_all Promise.all parallel_map par_map par_each set_task_pool_size get_task_pool_size "
        "ssg_render_pages ssg_build_output_paths ssg_render_and_write_pages ssg_read_render_and_write_pages"
    ),
    "internal": "__vm_for_iterable",
}
"""The names of the reference, by its own grouping."""


def table() -> list[dict[str, str]]:
    """A row for each registered name: ``group``, ``name``, ``state`` and ``reason``.

    The state is ``implemented``, ``excluded`` (with a reason) or ``missing``, which would be a defect.
    """
    rows = []
    for group, names in GROUPS.items():
        for name in names.split():
            if name in REASONS:
                state = "excluded"
            else:
                state = "missing" if registry.get(name) is None else "implemented"
            rows.append({"group": group, "name": name, "state": state, "reason": REASONS.get(name, "")})
    return rows
